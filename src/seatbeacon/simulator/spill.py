"""What was rendered, kept in temporary files, so that repeated reading costs neither time nor memory."""

from __future__ import annotations

import os
import tempfile
import zlib
from array import array
from threading import Lock
from typing import TYPE_CHECKING

from isal import igzip

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

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


class Rows:
    """The rows of one table, each rendered when it is first read; safe for many threads."""

    def __init__(self, size: int, render: Callable[[int], bytes]) -> None:
        self._render = render
        self._file = tempfile.TemporaryFile(prefix="seatbeacon-simulator-")  # noqa: SIM115 - lives as long as the server
        self._starts = array("Q", bytes(8 * size))
        self._sizes = array("I", bytes(4 * size))
        self._end = 0
        self._lock = Lock()

    def read(self, positions: Iterable[int]) -> list[bytes]:
        """The rows at `positions`."""
        chosen = list(positions)
        missing = [position for position in chosen if not self._sizes[position]]
        if missing:
            self._keep(missing)
        descriptor, starts, sizes = self._file.fileno(), self._starts, self._sizes
        return [os.pread(descriptor, sizes[position], starts[position]) for position in chosen]

    def _keep(self, missing: list[int]) -> None:
        rendered = [self._render(position) for position in missing]
        with self._lock:
            os.pwrite(self._file.fileno(), b"".join(rendered), self._end)
            for position, row in zip(missing, rendered, strict=True):
                self._starts[position] = self._end
                self._end += len(row)
            for position, row in zip(missing, rendered, strict=True):
                self._sizes[position] = len(row)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()
