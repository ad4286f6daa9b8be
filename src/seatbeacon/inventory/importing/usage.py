"""Usage per user, application and platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.applications import APP_USAGE_CELLS, SLOTS, applications
from seatbeacon.inventory.importing.reports import APP_USAGE, mask_bits

if TYPE_CHECKING:
    from datetime import date

    from seatbeacon.inventory.importing.context import Context
    from seatbeacon.inventory.importing.reports import Staged

_EXACT = (
    "activeUsers", "emailActivity", "oneDriveActivity", "sharePointActivity", "teamsActivity",
    "vivaEngageActivity",
    "copilotUsage",
)  # fmt: skip
_TELLING = {*_EXACT, *APP_USAGE, "teamsDevices"}
"""The reports that usage comes from."""


def ensure_slots(context: Context) -> None:
    """Give each pair of application and platform that we know its number, once and for good."""
    applications_, platforms = zip(*SLOTS, strict=True)
    context.sql("usage").run("add_slots", applications=list(applications_), platforms=list(platforms))


def merge(context: Context, staged: dict[str, Staged]) -> None:
    """Take in what the staged reports tell: what was known stays known; who left goes to history."""
    sql, merges, reports = context.sql("usage"), context.sql("merge"), context.sql("reports")
    sql.run("leavers", now=context.now)
    reports.run("forget_gone", {"table": "usage"})
    sql.run("begin")
    if not sql.count("usage_count"):
        _stage(context, staged, "usage")
    elif staged.keys() & _TELLING:
        _stage(context, staged, "usage_stage")
        for step in ("months", "merge"):
            sql.run(step, now=context.now)
        sql.run("drop_old")
        sql.run("rename")
    if sql.count("no_app_dates"):
        for step in ("merge_app_dates", "forget_app_dates", "add_app_dates"):
            sql.run(step)
    for table in ("usage_stage", "overlapping", "dates", "masks", "app_dates"):
        merges.run("drop", {"table": table})
    sql.run("activity" if context.first or staged.keys() & _TELLING else "no_activity")


def _stage(context: Context, staged: dict[str, Staged], into: str) -> None:
    """From the staged reports to one row per user, application and platform, written to table `into`.

    Known activity only: a report that says nothing of somebody adds no row.
    """
    sql, merges, words = context.sql("usage"), context.sql("merge"), {"into": into}
    for application in applications():
        for dataset in application.reports:
            if dataset in staged:
                sql.run("tell", application=application.name, refresh=staged[dataset].refresh)
    for dataset in _EXACT:
        if dataset in staged:
            sql.run(dataset)
    sql.run("exact", words, now=context.now)
    refreshes: dict[str, date | None] = {"r7": None, "r30": None, "r90": None, "r180": None}
    for dataset, period in APP_USAGE.items():
        if dataset in staged:
            report = {"stage": f"report_{dataset}"}
            sql.run("app_masks", report, period=period)
            sql.run("app_dates", report)
            refreshes[f"r{period}"] = staged[dataset].refresh
            merges.run("drop", {"table": f"report_{dataset}"})
    cells = [APP_USAGE_CELLS[header] for header in mask_bits().values()]
    sql.run(
        "add_bits",
        bits=list(mask_bits()),
        applications=[application for application, _platform in cells],
        platforms=[platform for _application, platform in cells],
    )
    sql.run("apps")
    sql.run("app_usage", words, overlapping=False, now=context.now, **refreshes)
    sql.run("app_usage", {"into": "overlapping"}, overlapping=True, now=context.now, **refreshes)
    if "teamsDevices" in staged:
        sql.run("teamsDevices", now=context.now)
    sql.run("overlaps", words, now=context.now)
    merges.run("drop", {"table": "user_masks"})
