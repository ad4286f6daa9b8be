"""Undoing compression."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.graph.encoding import PIECE, DecodeError, decoded

if TYPE_CHECKING:
    from collections.abc import Callable


def raw_deflate(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


def split(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate ": raw_deflate,
    "identity": bytes,
}


@given(st.sampled_from(sorted(COMPRESSORS)), st.binary(min_size=1, max_size=5000), st.integers(2, 700))
def test_what_was_compressed_comes_back(encoding: str, data: bytes, size: int) -> None:
    pieces = split(COMPRESSORS[encoding](data), size)
    assert b"".join(decoded(pieces, encoding)) == data


@given(st.binary(min_size=1, max_size=500), st.data())
def test_a_missing_end_is_noticed(data: bytes, draw: st.DataObject) -> None:
    encoding = draw.draw(st.sampled_from(["gzip", "deflate"]))
    whole = COMPRESSORS[encoding](data)
    size = draw.draw(st.integers(2, len(whole) - 1))
    with pytest.raises(DecodeError):
        list(decoded([whole[:size]], encoding))


def test_gzip_of_several_members_is_one_body() -> None:
    assert b"".join(decoded([gzip.compress(b"a") + gzip.compress(b"b")], "x-gzip")) == b"ab"


def test_a_wrong_checksum_is_noticed() -> None:
    whole = bytearray(gzip.compress(b"abc" * 100))
    whole[-6] ^= 1
    with pytest.raises(DecodeError, match="not decodable"):
        list(decoded([bytes(whole)], "gzip"))


def test_a_bomb_comes_in_pieces() -> None:
    bomb = gzip.compress(b"0" * (8 * PIECE))
    sizes = [len(piece) for piece in decoded([bomb], "gzip")]
    assert max(sizes) <= PIECE
    assert sum(sizes) == 8 * PIECE
