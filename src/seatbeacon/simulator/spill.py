"""Rendered bodies kept in one temporary file, so that repeated reading costs neither time nor memory."""

from __future__ import annotations

import os
import tempfile
import zlib
from threading import Lock
from typing import TYPE_CHECKING

from isal import igzip

if TYPE_CHECKING:
    from collections.abc import Hashable

PACK_LEVEL = 1


def pack(body: bytes) -> bytes:
    """`body` in gzip."""
    packed: bytes = igzip.compress(body, compresslevel=PACK_LEVEL)
    return packed


def unpack(packed: bytes) -> bytes:
    """What `pack` packed."""
    return zlib.decompress(packed, wbits=31)


class Spill:
    """Byte strings by key in an unnamed temporary file; safe for many threads."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="seatbeacon-simulator-")  # noqa: SIM115 - lives as long as the server
        self._places: dict[Hashable, tuple[int, int]] = {}
        self._end = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        """What was put under `key`, or None."""
        place = self._places.get(key)
        return None if place is None else os.pread(self._file.fileno(), place[1], place[0])

    def put(self, key: Hashable, body: bytes) -> None:
        """Keep `body` under `key`."""
        with self._lock:
            os.pwrite(self._file.fileno(), body, self._end)
            self._places[key] = (self._end, len(body))
            self._end += len(body)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
