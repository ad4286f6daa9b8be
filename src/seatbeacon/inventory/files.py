"""How a version file comes to its name: written beside it, made durable, renamed."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from seatbeacon.inventory.store import partial_of, scratch_of

if TYPE_CHECKING:
    from pathlib import Path


def put_in_place(target: Path) -> None:
    """Give the partial file of `target` its name, durably. Raises OSError; then the name is not taken, or as
    it was."""
    partial = partial_of(target)
    _sync(partial)
    new = not target.exists()
    partial.replace(target)
    try:
        _sync(target.parent)
    except OSError:
        # Where the disk does not take the name, it is gone again.
        if new:
            with suppress(OSError):
                target.unlink()
        raise
    shutil.rmtree(scratch_of(target), ignore_errors=True)


def discard_partial(target: Path) -> None:
    """Remove what a writing of `target` that did not end has left, as far as that is possible."""
    partial = partial_of(target)
    with suppress(OSError):
        partial.unlink(missing_ok=True)
    with suppress(OSError):
        partial.with_name(partial.name + ".wal").unlink(missing_ok=True)
    shutil.rmtree(scratch_of(target), ignore_errors=True)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows syncs folders itself
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
