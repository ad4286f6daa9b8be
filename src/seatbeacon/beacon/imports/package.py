"""Import a package that lies in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.beacon.imports.execute import ending, remember_datasets
from seatbeacon.beacon.imports.merge import merge_package
from seatbeacon.beacon.imports.observer import Observer, Unobserved
from seatbeacon.beacon.logs.run_log import run_log
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.runs.progress import RunWatch
from seatbeacon.beacon.runs.queued import begun_here
from seatbeacon.beacon.runs.recovery import interrupt_dead_runs
from seatbeacon.collection.package.reader import open_package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.beacon.models import ImportRun, Trigger
    from seatbeacon.beacon.settings import Settings


def import_package_folder(
    settings: Settings,
    folder: Path,
    trigger: Trigger,
    *,
    observer: Observer | None = None,
    check_cancelled: Callable[[], None] | None = None,
) -> ImportRun:
    """Import the package in `folder`, which is left as it is, and return the run, as `run_import` does.

    Raises PackageError, before there is a run, where the folder holds no whole package.
    """
    observer = observer or Unobserved()
    package = open_package(folder)
    package.verify()
    with present(settings) as me:
        interrupt_dead_runs(settings)
        with (
            begun_here(me, None, trigger) as run,
            run_log(run),
            RunWatch(observer, check_cancelled) as watch,
            ending(settings, run),
        ):
            watch.started(run)
            remember_datasets(run, package.manifest)
            merge_package(settings, run, package, observer=watch, check_cancelled=watch.check)
    return run
