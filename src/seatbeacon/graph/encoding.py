"""Undoing gzip and deflate with isal, and noticing when the end is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from isal import isal_zlib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GZIP, _ZLIB, _RAW = 31, 15, -15  # window sizes that also say which header to expect
# isal types its exception as a value.
_ISAL_ERROR = cast("type[Exception]", isal_zlib.IsalError)
PIECE = 1 << 20  # bytes: what a decompressor hands out at most at once


class DecodeError(Exception):
    """The body is not what its Content-Encoding says, or ends before its end."""


class _Decompressor(Protocol):
    eof: bool
    unused_data: bytes
    unconsumed_tail: bytes

    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


def decoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The plain bytes of `pieces`, in pieces of at most `PIECE` bytes (identity: as they came).

    `encoding` is the Content-Encoding: gzip (of one or several members), deflate (with zlib's header or, as
    some servers do, without), identity or empty. DecodeError for anything else and for a body that ends
    early.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        yield from (piece for piece in pieces if piece)
    elif name in {"gzip", "x-gzip"}:
        yield from _inflate(pieces, _GZIP)
    elif name == "deflate":
        yield from _inflate(pieces, None)
    else:
        raise DecodeError(f"compressed as {name[:40]!r}, which we did not ask for")


def _inflate(pieces: Iterable[bytes], window: int | None) -> Iterator[bytes]:
    engine: _Decompressor | None = None
    for piece in pieces:
        data = piece
        while data:
            if engine is None:
                window = window or _deflate_window(data)
                engine = isal_zlib.decompressobj(window)
            if plain := _decompress(engine, data):
                yield plain
            data = engine.unconsumed_tail
            if engine.eof:
                # What follows is gzip's next member; deflate has none.
                data = engine.unused_data if window == _GZIP else b""
                engine = None
    if engine is not None:
        # What is held back after the last full piece, and then the end that should have come.
        while plain := _decompress(engine, b""):
            yield plain
        if not engine.eof:
            raise DecodeError("cut off before its end")


def _decompress(engine: _Decompressor, data: bytes) -> bytes:
    try:
        return engine.decompress(data, PIECE)
    except (_ISAL_ERROR, ValueError):
        raise DecodeError("not decodable") from None


def _deflate_window(data: bytes) -> int:
    # RFC 1950 §2.2: the low four bits of the first byte are 8, and the first two bytes divide by 31.
    looks_like_zlib = len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return _ZLIB if looks_like_zlib else _RAW
