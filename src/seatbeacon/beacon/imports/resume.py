"""Go on with what an earlier attempt of a run has read."""

from __future__ import annotations

import contextlib
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from seatbeacon.beacon.runs.recovery import package_folder, package_folders
from seatbeacon.collection.package.errors import PackageError
from seatbeacon.collection.package.reader import read_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.models import Connection, ImportRun
    from seatbeacon.beacon.settings import Settings

RESUMED_WITHIN = timedelta(hours=12)
"""What was read longer ago is read anew: the datasets of a package should be of about one time."""


def begin_folder(settings: Settings, run: ImportRun, connection: Connection) -> tuple[Path, bool]:
    """The folder for the package of `run`, and whether it holds what an earlier attempt read.

    That attempt's folder gets this one's name. Should its process still live, paused somewhere, it finds its
    folder gone, and cannot write into this one. An attempt on another machine has left nothing here, unless
    both share the home: then everything is read anew.
    """
    folder = package_folder(settings, run)
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    resume = False
    for earlier in package_folders(settings, run):
        if not resume and _worth_it(earlier, connection):
            with contextlib.suppress(OSError):
                earlier.rename(folder)
                resume = True
                continue
        shutil.rmtree(earlier, ignore_errors=True)
    return folder, resume


def _worth_it(folder: Path, connection: Connection) -> bool:
    try:
        manifest = read_manifest(folder)
    except (PackageError, OSError):
        return False
    same = (manifest.connection, manifest.cloud) == (connection.name, connection.cloud)
    return same and abs(datetime.now(UTC) - manifest.started_at) <= RESUMED_WITHIN
