"""Housekeeping: what is older than its setting says, and what nobody owns, goes."""

from __future__ import annotations

import logging
import re
import shutil
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.locks import LockBusyError, file_lock
from seatbeacon.beacon.models import ACTIVE_STATES, ImportRun, RunLogLine, RunState, SavingsDay, Worker

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

ABANDONED = timedelta(hours=1)
"""How old a lock file without a worker has to be: one that starts makes its file first."""
BATCH = 5000
"""Rows removed in one transaction: nobody waits long for the database."""

GOES_ON = (*ACTIVE_STATES, RunState.INTERRUPTED, RunState.HELD)
"""States in which a run may still need its package."""
HAS_NONE = (RunState.FAILED, RunState.CANCELLED)
"""States in which it lost its package, or was killed as it was about to."""

_PACKAGE = re.compile(r"run-(\d{1,18})\b.*")


def keep_house(settings: Settings, now: datetime) -> None:
    """Remove log lines and sums of savings older than their settings (`now` is aware), and packages that no
    run owns."""
    lines = remove_old_log_lines(now - timedelta(days=settings.keep_logs))
    days = remove_old_savings((now - timedelta(days=settings.keep_savings)).date())
    packages = remove_stray_packages(settings)
    remove_stray_locks(settings, before=now - ABANDONED)
    if lines or packages or days:
        told = "Housekeeping: removed %s log lines, %s packages and %s sums of savings"
        logger.info(told, f"{lines:,}", packages, f"{days:,}")


def remove_stray_locks(settings: Settings, *, before: datetime) -> None:
    """Remove lock files, made before that time, of workers that were killed before they could register."""
    known = set(Worker.objects.values_list("id", flat=True))
    for path in (settings.home / "locks").glob("worker-*"):
        if path.name.removeprefix("worker-") in known or path.stat().st_mtime > before.timestamp():
            continue
        with suppress(LockBusyError, FileNotFoundError), file_lock(path, wait=False):
            path.unlink()


def remove_old_log_lines(before: datetime) -> int:
    """Remove the lines of runs' logs from before that time, and return how many there were."""
    return _remove(RunLogLine.objects.filter(at__lt=before))


def remove_old_savings(before: date) -> int:
    """Remove the sums of days before that one, and return how many there were."""
    return _remove(SavingsDay.objects.filter(day__lt=before))


def _remove(rows: QuerySet[Any]) -> int:
    removed = 0
    while True:
        batch = list(rows.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return removed
        removed += rows.model.objects.filter(pk__in=batch).delete()[0]


def remove_stray_packages(settings: Settings) -> int:
    """Remove the folders of packages whose run is over and does not name them, or is not there."""
    folder = settings.home / "packages"
    if not folder.is_dir():
        return 0
    found = {path: int(match[1]) for path in folder.iterdir() if (match := _PACKAGE.fullmatch(path.name))}
    runs = {run.pk: run for run in ImportRun.objects.filter(pk__in=set(found.values()))}
    strays = [path for path, number in found.items() if _is_stray(str(path), runs.get(number))]
    for path in strays:
        shutil.rmtree(path, ignore_errors=True)
    return len(strays)


def _is_stray(path: str, run: ImportRun | None) -> bool:
    if run is None or run.state in HAS_NONE:
        return True
    return run.state not in GOES_ON and run.package != path
