"""Usage per user, application and platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.applications import APP_USAGE_CELLS, SLOTS, applications
from seatbeacon.inventory.importing import steady
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
_OF_NEWS = "SEMI JOIN news USING (user_no)"


def ensure_slots(context: Context) -> None:
    """Give each pair of application and platform that we know its number, once and for good."""
    applications_, platforms = zip(*SLOTS, strict=True)
    sql = context.sql("usage")
    if sql.count("slot_count") != len(SLOTS):
        sql.run("add_slots", applications=list(applications_), platforms=list(platforms))


def merge(context: Context, staged: dict[str, Staged]) -> None:
    """Take in what the staged reports tell: what was known stays known; who left goes to history."""
    sql, merges, reports = context.sql("usage"), context.sql("merge"), context.sql("reports")
    if context.gone:
        sql.run("leavers", now=context.now)
        for table in ("usage", "usage_content"):
            reports.run("forget_gone", {"table": table})
    sql.run("begin")
    for dataset in staged.keys() - _TELLING:  # taken in already; memory is short
        merges.run("drop", {"table": f"report_{dataset}"})
    telling = {dataset: report for dataset, report in staged.items() if dataset in _TELLING}
    if telling:
        _gather(context, telling)
        if not sql.count("usage_count"):
            _stage(context, telling, "usage")
            steady.keep(context, telling)
        else:
            _merge(context, telling)
    if sql.count("no_app_dates"):
        for step in ("merge_app_dates", "forget_app_dates", "add_app_dates"):
            sql.run(step)
    for table in (
        "usage_stage", "overlapping", "dates", "latest", "masks", "user_masks", "app_dates", "content",
        "report_teamsDevices", "device_contents",
    ):  # fmt: skip
        merges.run("drop", {"table": table})
    sql.run("activity" if context.first or telling else "no_activity")


def _merge(context: Context, telling: dict[str, Staged]) -> None:
    """Over usage that is known: of all users, or only of those of whom the reports say something new."""
    sql = context.sql("usage")
    few = steady.find_news(context, telling)
    words = {"whose": _OF_NEWS if few else ""}
    _stage(context, telling, "usage_stage", whose=words["whose"])
    sql.run("merge", words, now=context.now)
    if few:
        sql.run("carry_on", now=context.now)
    for step in ("months", "drop_old", "rename"):
        sql.run(step, now=context.now)
    steady.keep(context, telling)


def _gather(context: Context, telling: dict[str, Staged]) -> None:
    """From the staged reports to a row per user: the days of each service, the apps of each period, and a
    hash of it all."""
    sql, merges = context.sql("usage"), context.sql("merge")
    for dataset in _EXACT:
        if dataset in telling:
            sql.run(dataset)
            merges.run("drop", {"table": f"report_{dataset}"})
    sql.run("latest")
    for dataset, period in APP_USAGE.items():
        if dataset in telling:
            report = {"stage": f"report_{dataset}"}
            sql.run("app_masks", report, period=period)
            sql.run("app_dates", report)
            merges.run("drop", {"table": f"report_{dataset}"})
    sql.run("apps")
    if "teamsDevices" in telling:
        sql.run("device_contents", refresh=telling["teamsDevices"].refresh)
    else:
        sql.run("no_device_contents")
    sql.run("content")


def _stage(context: Context, telling: dict[str, Staged], into: str, *, whose: str = "") -> None:
    """From what was gathered to one row per user, application and platform, written to table `into`; `whose`
    leaves users out.

    Known activity only: a report that says nothing of somebody adds no row.
    """
    sql, words = context.sql("usage"), {"into": into, "whose": whose}
    told = [
        (application.name, telling[dataset].refresh)
        for application in applications()
        for dataset in application.reports
        if dataset in telling
    ]
    sql.run("tell", applications=[name for name, _ in told], refreshes=[day for _, day in told])
    sql.run("exact", words, now=context.now)
    refreshes: dict[str, date | None] = {
        f"r{period}": telling[dataset].refresh if dataset in telling else None
        for dataset, period in APP_USAGE.items()
    }
    cells = [APP_USAGE_CELLS[header] for header in mask_bits().values()]
    sql.run(
        "add_bits",
        bits=list(mask_bits()),
        applications=[application for application, _platform in cells],
        platforms=[platform for _application, platform in cells],
    )
    sql.run("app_usage", words, overlapping=False, now=context.now, **refreshes)
    sql.run("app_usage", words | {"into": "overlapping"}, overlapping=True, now=context.now, **refreshes)
    if "teamsDevices" in telling:
        sql.run("teamsDevices", words, now=context.now)
    sql.run("overlaps", words, now=context.now)
