"""Writing one file of a package: bytes and checksum kept on the way, whole only once it has its name."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import threading
from typing import TYPE_CHECKING, Any

import msgspec
from blake3 import blake3

from seatbeacon.collection.package.errors import DiskFull, Unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from _typeshed import ReadableBuffer

PART_SUFFIX = ".part"
OWNER_ONLY = 0o600
"""A package holds the tenant's people: nobody else on the machine reads it."""
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
READ_SIZE = 1 << 20  # bytes per read when a checksum is taken; larger brings nothing


class FileFacts(msgspec.Struct, frozen=True):
    """What the manifest says of a file: its length in bytes, and its checksum as `kind:hex`.

    The kind is blake3, which takes a third of SHA-256's time; packages of format 1 have sha256.
    """

    bytes: int
    checksum: str


@contextlib.contextmanager
def disk_errors(folder: Path, file: str, *, written: int = 0, needed: int | None = None) -> Iterator[None]:
    """Turn an `OSError` of writing into `DiskFull` or `Unwritable`, which name the folder and what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise DiskFull(folder, file=file, written=written, needed=needed) from error
        raise Unwritable(
            f"{file} in {folder} cannot be written: {error.strerror or error}.",
            "Check that the folder exists, that this account may write there, and that the disk is sound.",
        ) from error


def write_all(descriptor: int, data: ReadableBuffer) -> None:
    """Write all of `data` to a file descriptor, or raise `OSError`: one call may take only a part."""
    left = memoryview(data).cast("B")
    while left:
        left = left[os.write(descriptor, left) :]


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable. A no-op where folders cannot be opened (Windows)."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def facts_of(path: Path, like: str | None = None) -> FileFacts:
    """Length and checksum of a file on disk, of the kind of the checksum `like`. Raises `OSError` where it
    cannot be read."""
    kind = (like or "").partition(":")[0]
    digest = hashlib.sha256() if kind == "sha256" else blake3()
    length = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(READ_SIZE):
            digest.update(chunk)
            length += len(chunk)
    return FileFacts(length, _told(digest))


def _told(digest: Any) -> str:
    return f"{digest.name}:{digest.hexdigest()}"


def json_lines(items: Sequence[bytes | msgspec.Raw]) -> bytes:
    """One line per JSON value."""
    text = b"\n".join([*items, b""])
    if _line_ends(text) == len(items):
        return text
    # Graph sends one line; a proxy or a stand-in may pretty-print, and a line is an object here.
    return b"".join(msgspec.json.format(bytes(item), indent=-1) + b"\n" for item in items)


def _line_ends(text: bytes) -> int:
    """How many there are. `bytes.count` looks at each byte; lines are long, and `find` leaps."""
    ends, at = 0, text.find(b"\n")
    while at >= 0:
        ends, at = ends + 1, text.find(b"\n", at + 1)
    return ends


class DatasetFile:
    """One file of a package while it is written. Safe for many threads: each write is whole, none interleave.

    It is `NAME.part` until `finish()` gives it its name; `discard()` removes it. Raises `DiskFull` and
    `Unwritable`, never a bare `OSError`.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name
        self.path = folder / name
        self.part = folder / f"{name}{PART_SUFFIX}"
        self.lines = 0
        self.bytes = 0
        self._digest = blake3()
        self._lock = threading.Lock()
        with disk_errors(folder, name):
            self._descriptor = os.open(
                self.part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), OWNER_ONLY
            )
        self._open = True

    def write(self, data: ReadableBuffer) -> None:
        """Append `data`, all of it or an error."""
        view = memoryview(data).cast("B")
        with self._lock:
            self._append(view)

    def write_lines(self, text: bytes, lines: int) -> None:
        """Append `text`, which is that many lines (see `json_lines`)."""
        with self._lock:
            self._append(memoryview(text))
            self.lines += lines

    def _append(self, view: memoryview) -> None:
        with disk_errors(self.folder, self.name, written=self.bytes, needed=len(view)):
            write_all(self._descriptor, view)
        self._digest.update(view)
        self.bytes += len(view)

    def restart(self) -> None:
        """Forget what was written and begin anew."""
        with self._lock, disk_errors(self.folder, self.name):
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            self._digest = blake3()
            self.lines = self.bytes = 0

    def sink(self) -> io.RawIOBase:
        """Begin anew, and give a writable that appends here; closing it leaves this file open."""
        self.restart()
        return _Sink(self)

    def finish(self) -> FileFacts:
        """Sync, rename to the file's own name, and say what it holds. The name is durable with the manifest
        that tells of it."""
        with disk_errors(self.folder, self.name, written=self.bytes):
            os.fsync(self._descriptor)
            self._close()
            self.part.replace(self.path)
        return FileFacts(self.bytes, _told(self._digest))

    def discard(self) -> None:
        """Close and remove what was written, if it was not finished. May be called again."""
        if self._open:
            with contextlib.suppress(OSError):
                self._close()
            with contextlib.suppress(OSError):
                self.part.unlink()

    def _close(self) -> None:
        self._open = False
        os.close(self._descriptor)


class _Sink(io.RawIOBase):
    def __init__(self, file: DatasetFile) -> None:
        super().__init__()
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        view = memoryview(data).cast("B")
        self._file.write(view)
        return len(view)
