"""Locks between processes of one machine, which the kernel frees when their holder dies, kill -9 included;
and between those of several machines, which the database frees."""

from __future__ import annotations

import contextlib
import os
import sys
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class LockBusyError(Exception):
    """Another process, or another thread of this one, holds the lock."""


@contextlib.contextmanager
def file_lock(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the exclusive lock that `path` stands for; the file is made and stays.

    With `wait` False, raises LockBusyError at once where somebody holds it. Each call opens the file anew, so
    that two threads of one process exclude one another as well.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        _lock(descriptor, wait=wait)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def cluster_lock(name: str) -> Iterator[None]:
    """Hold a lock between all processes of one PostgreSQL database; it ends with the database session.

    On SQLite, whose home is on one machine, it locks nothing: `file_lock` does there.
    """
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    if connection.vendor != "postgresql":
        yield
        return
    key = zlib.crc32(f"seatbeacon {name}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
            cursor.execute("RESET lock_timeout")


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, wait: bool) -> None:
        mode = msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK
        while True:
            try:
                msvcrt.locking(descriptor, mode, 1)
            except OSError as error:
                if not wait:
                    raise LockBusyError from error
            else:
                return

else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise LockBusyError from error
