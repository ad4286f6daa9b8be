"""Counting distinct ids exactly, in memory that does not grow with their number."""

from __future__ import annotations

import hashlib
import re
import tempfile
import threading
from typing import IO, TYPE_CHECKING, Self

from seatbeacon.collection.package.files import disk_errors, write_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

_GUID = re.compile("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
GUID_LENGTH = 36
_DASHES = (8, 13, 18, 23)
_HEXADECIMAL = re.compile("[0-9a-fA-F]*")
_WIDTH = 16  # bytes of a GUID, and of the digest that stands for any other id
_PARTITIONS = 256
_BLOCK = 2048  # bytes per partition before they go to disk


class DistinctIds:
    """A set of ids that only knows its size.

    Ids are 16 bytes each (a GUID, or a 128-bit digest of anything else), put into 256 partitions by their
    first byte and spilled to an unnamed temporary file in `folder`; the partitions are counted one by one.
    Memory: half a megabyte and what one call of `add` brings, and a 256th of the ids while counting.
    Thread-safe.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._clear()

    def _clear(self) -> None:
        self._length = 0
        self._buffers = [bytearray() for _ in range(_PARTITIONS)]
        self._blocks: list[list[tuple[int, int]]] = [[] for _ in range(_PARTITIONS)]

    def add(self, ids: Sequence[str]) -> bytes:
        """Put ids in; GUIDs in any case, other strings as they are. Gives them back as `add_short` takes
        them. Raises `DiskFull` or `Unwritable`."""
        short = _short(ids)
        self.add_short(short)
        return short

    def add_short(self, short: bytes) -> None:
        """Put ids in that another `add` gave back: 16 bytes each. Raises `DiskFull` or `Unwritable`."""
        with self._lock:
            buffers = self._buffers
            for start in range(0, len(short), _WIDTH):
                buffers[short[start]] += short[start : start + _WIDTH]
            for partition in set(short[::_WIDTH]):
                if len(waiting := buffers[partition]) >= _BLOCK:
                    self._spill(partition, waiting)

    def _spill(self, partition: int, waiting: bytearray) -> None:
        with disk_errors(self._folder, "a temporary file", written=self._length, needed=len(waiting)):
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - see close
            self._file.seek(self._length)
            write_all(self._file.fileno(), waiting)
        self._blocks[partition].append((self._length, len(waiting)))
        self._length += len(waiting)
        waiting.clear()

    def count(self) -> int:
        """How many different ids were put in."""
        with self._lock:
            used = (
                partition
                for partition, (waiting, blocks) in enumerate(zip(self._buffers, self._blocks, strict=True))
                if waiting or blocks
            )
            return sum(len(self._partition(partition)) for partition in used)

    def _partition(self, partition: int) -> set[bytes]:
        found = _ids(bytes(self._buffers[partition]))
        for offset, length in self._blocks[partition]:
            with disk_errors(self._folder, "a temporary file"):
                assert self._file is not None  # noqa: S101 - a block stands in a file
                self._file.seek(offset)
                found |= _ids(self._file.read(length))
        return found

    def restart(self) -> None:
        """Forget all ids."""
        with self._lock:
            self._clear()
            if self._file is not None:
                self._file.truncate(0)

    def close(self) -> None:
        """Remove the temporary file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the temporary file."""
        self.close()


def _ids(block: bytes) -> set[bytes]:
    return {block[start : start + _WIDTH] for start in range(0, len(block), _WIDTH)}


def _short(ids: Sequence[str]) -> bytes:
    """All ids behind each other, 16 bytes each."""
    joined = "".join(ids)
    if set(map(len, ids)) == {GUID_LENGTH} and all(
        joined[dash::GUID_LENGTH] == "-" * len(ids) for dash in _DASHES
    ):
        digits = joined.replace("-", "")
        if len(digits) == 2 * _WIDTH * len(ids) and _HEXADECIMAL.fullmatch(digits):
            return bytes.fromhex(digits)
    return b"".join(map(_short_of, ids))


def _short_of(text: str) -> bytes:
    if len(text) == GUID_LENGTH and _GUID.fullmatch(text):
        return bytes.fromhex(text.replace("-", ""))
    return hashlib.blake2b(text.encode(), digest_size=_WIDTH).digest()
