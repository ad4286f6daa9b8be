"""Counting distinct ids exactly, in memory that does not grow with their number."""

from __future__ import annotations

import hashlib
import re
import struct
import tempfile
import threading
from typing import IO, TYPE_CHECKING, Self

from seatbeacon.collection.package.files import disk_errors, write_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

_GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_GUIDS = re.compile(f"(?:{_GUID})+")
_WIDTH = 16  # bytes of a GUID, and of the digest that stands for any other id
_BLOCK = 2048  # bytes per partition before they go to disk; as text in memory, 256 times this is about 3 MB


class DistinctIds:
    """A set of ids that only knows its size.

    Ids are 16 bytes each (a GUID, or a 128-bit digest of anything else), put into 256 partitions by their
    first byte and spilled to an unnamed temporary file in `folder`; the partitions are counted one by one.
    Memory: some
    3 MB at most, and a 256th of the ids while counting. Thread-safe.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._clear()

    def _clear(self) -> None:
        self._length = 0
        self._buffers: dict[str, list[str]] = {}
        self._blocks: dict[str, list[tuple[int, int]]] = {}

    def add(self, ids: Sequence[str]) -> None:
        """Put ids in; GUIDs in any case, other strings as they are. Raises `DiskFull` or `Unwritable`."""
        digits = _digits(ids)
        with self._lock:
            buffers = self._buffers
            for each in digits:
                buffers.setdefault(each[:2], []).append(each)
            for first, waiting in buffers.items():
                if len(waiting) * _WIDTH >= _BLOCK:
                    self._spill(first, waiting)

    def _spill(self, first: str, waiting: list[str]) -> None:
        block = bytes.fromhex("".join(waiting))
        with disk_errors(self._folder, "a temporary file", written=self._length, needed=len(block)):
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - see close
            self._file.seek(self._length)
            write_all(self._file.fileno(), block)
        self._blocks.setdefault(first, []).append((self._length, len(block)))
        self._length += len(block)
        waiting.clear()

    def count(self) -> int:
        """How many different ids were put in."""
        with self._lock:
            return sum(len(self._partition(first)) for first in self._buffers)

    def _partition(self, first: str) -> set[tuple[bytes]]:
        found = set(struct.iter_unpack("16s", bytes.fromhex("".join(self._buffers[first]))))
        for offset, length in self._blocks.get(first, ()):
            with disk_errors(self._folder, "a temporary file"):
                assert self._file is not None  # noqa: S101 - a block stands in a file
                self._file.seek(offset)
                found.update(struct.iter_unpack("16s", self._file.read(length)))
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


def _digits(ids: Sequence[str]) -> list[str]:
    """Each id as 32 hexadecimal digits."""
    joined = "".join(ids).lower()
    if set(map(len, ids)) == {36} and _GUIDS.fullmatch(joined):
        plain = joined.replace("-", "")
        return [plain[start : start + 32] for start in range(0, len(plain), 32)]
    return [_digits_of(each) for each in ids]


def _digits_of(text: str) -> str:
    if re.fullmatch(_GUID, text.lower()):
        return text.lower().replace("-", "")
    return hashlib.blake2b(text.encode(), digest_size=_WIDTH).hexdigest()
