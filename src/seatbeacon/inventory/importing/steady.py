"""Of whom the reports of usage say nothing new: only the dates of what is known move on.

Every report is of a later day each time, so all of its rows are new text. What they tell of a user is kept as
a hash, and where it is the same, the rows of usage need not be merged again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.applications import applications
from seatbeacon.inventory.importing.reports import APP_USAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from seatbeacon.inventory.importing.context import Context
    from seatbeacon.inventory.importing.reports import Staged

_OTHERS = (*APP_USAGE, "teamsDevices")
"""The reports that tell no days but periods: a row of usage may come from several of them."""


def find_news(context: Context, telling: dict[str, Staged]) -> bool:
    """Find the users of whom the reports say something new, into table `news`, and what moves on for the
    others, into `moves`. Answers False where everything has to be merged: the reports are not the same as
    the last time, or not all of a later day.
    """
    sql = context.sql("usage")
    before: dict[str, date] = dict(sql.rows("base"))
    after = {dataset: report.refresh for dataset, report in telling.items()}
    if before.keys() != after.keys() or not _later(before, after):
        return False
    sql.run("news")
    sql.run("moves")
    for name, reports in _sources().items():
        old, new = _latest(reports, before), _latest(reports, after)
        if old is not None:
            block = "move_others" if reports == _OTHERS else "move_exact"
            sql.run(block, application=name, before=old, after=new)
    return True


def keep(context: Context, telling: dict[str, Staged]) -> None:
    """Keep what the reports told, for the next import to compare with; nothing where rows of an earlier
    import could be taken for rows of this one, because they are of the same day."""
    sql = context.sql("usage")
    before = {
        dataset: state["refresh_date"]
        for dataset, state in context.known.items()
        if state["refresh_date"] is not None
    }
    after = {dataset: report.refresh for dataset, report in telling.items()}
    sql.run("forget_content")
    sql.run("forget_base")
    if _later(before, after):  # type: ignore[arg-type] # all are dates
        sql.run("keep_content")
        sql.run("keep_base", datasets=list(after), refreshes=list(after.values()))


def _sources() -> dict[str, tuple[str, ...]]:
    """What a row of usage may come from: the reports of each service, and those of the rest together."""
    named = {
        each.name: tuple(report for report in each.reports if report not in _OTHERS)
        for each in applications()
    }
    return {"": _OTHERS} | {name: reports for name, reports in named.items() if reports}


def _latest(reports: tuple[str, ...], days: Mapping[str, date]) -> date | None:
    return max((days[report] for report in reports if report in days), default=None)


def _later(before: Mapping[str, date], after: Mapping[str, date]) -> bool:
    """Whether each row that `after` tells is told apart by its day from all that `before` told."""
    if len({after[dataset] for dataset in _OTHERS if dataset in after}) > 1:
        return False
    for reports in _sources().values():
        old, new = _latest(reports, before), _latest(reports, after)
        if old is not None and new is not None and new <= old:
            return False
    return True
