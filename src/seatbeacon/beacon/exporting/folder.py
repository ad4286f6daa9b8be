"""Fill a folder whole or not at all: written aside, within it, and moved to its place once all is there.

The folder itself is never replaced: it may be where a disk is mounted. A folder without a manifest was not
filled to its end; whoever reads it can tell.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import FolderTaken
from seatbeacon.beacon.exporting.manifest import MANIFEST, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

_ASIDE = ".seatbeacon-export-"
_SHOWN = 3  # names of other things that a refusal tells


@contextmanager
def being_filled(folder: Path) -> Iterator[Path]:
    """A new folder within `folder`, to be filled with files and their manifest; they take their place in
    `folder` when the block ends, and those of an earlier export go.

    Where the block raises, `folder` is as it was. Raises FolderTaken where it holds anything but an earlier
    export, and OSError. The caller sees to it that nobody else fills it.
    """
    new = not folder.exists()
    if not new:
        refuse_others(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder))
    try:
        yield aside
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        if new:
            with suppress(OSError):
                folder.rmdir()
        raise
    _put_in_place(aside, folder)


def refuse_others(folder: Path) -> None:
    """Raise FolderTaken where `folder` is none, or holds anything but what an export left there."""
    if not folder.is_dir():
        raise FolderTaken(f"{folder} is no folder. Name a new or empty one.")
    others = sorted({path.name for path in folder.iterdir()} - _ours(folder))
    if others:
        more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
        raise FolderTaken(
            f"{folder} holds other things than an export: {', '.join(others[:_SHOWN])}{more}. "
            "Nothing was written. Name a new or empty folder, or one of an earlier export."
        )


def _ours(folder: Path) -> set[str]:
    """The names that an export has in `folder`: one that is whole, and those that were cut off."""
    aside = [path for path in folder.iterdir() if path.name.startswith(_ASIDE) and path.is_dir()]
    names = {path.name for path in aside}
    for place in (folder, *aside):  # one that was cut off while it took its place left its manifest aside
        manifest = read_manifest(place)
        if manifest is not None:
            names |= {MANIFEST, *(file.name for file in manifest.files)}
    return names


def _put_in_place(aside: Path, folder: Path) -> None:
    before = {name for name in _ours(folder) if not name.startswith(_ASIDE)}
    names = sorted(path.name for path in aside.iterdir() if path.name != MANIFEST)
    for name in (*names, MANIFEST):
        _sync(aside / name)
    (folder / MANIFEST).unlink(missing_ok=True)
    for name in before - {*names, MANIFEST}:
        with suppress(IsADirectoryError, PermissionError):
            (folder / Path(name).name).unlink(missing_ok=True)
    for name in (*names, MANIFEST):  # the manifest last: where it is, all is there
        (aside / name).replace(folder / name)
    _sync(folder)
    for left in folder.glob(f"{_ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows syncs folders itself
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
