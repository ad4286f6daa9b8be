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
    "activeUsers", "emailActivity", "oneDriveActivity", "sharePointActivity", "teamsActivity", "vivaEngageActivity",
    "copilotUsage",
)  # fmt: skip


def ensure_slots(context: Context) -> None:
    """Give each pair of application and platform that we know its number, once and for good."""
    sql = context.sql("usage")
    number = sql.count("slot_count")
    for application, platform in SLOTS:
        number += sql.count("add_slot", slot=number + 1, application=application, platform=platform)


def stage(context: Context, staged: dict[str, Staged]) -> int:
    """From the staged reports to one row per user, application and platform; answers how many.

    Known activity only: a report that says nothing of somebody adds no row.
    """
    sql, merges = context.sql("usage"), context.sql("merge")
    sql.run("begin")
    for application in applications():
        for dataset in application.reports:
            if dataset in staged:
                sql.run("tell", application=application.name, refresh=staged[dataset].refresh)
    for dataset in _EXACT:
        if dataset in staged:
            sql.run(dataset)
    sql.run("exact")
    refreshes: dict[str, date | None] = {"r7": None, "r30": None, "r90": None, "r180": None}
    for dataset, period in APP_USAGE.items():
        if dataset in staged:
            words = {"stage": f"report_{dataset}"}
            sql.run("app_masks", words, period=period)
            sql.run("app_dates", words)
            refreshes[f"r{period}"] = staged[dataset].refresh
            merges.run("drop", {"table": f"report_{dataset}"})
    for bit, header in mask_bits().items():
        application_name, platform = APP_USAGE_CELLS[header]
        sql.run("add_bit", bit=bit, application=application_name, platform=platform)
    sql.run("apps")
    sql.run("app_usage", {"into": "usage_stage"}, overlapping=False, **refreshes)
    sql.run("app_usage", {"into": "overlapping"}, overlapping=True, **refreshes)
    if "teamsDevices" in staged:
        sql.run("teamsDevices")
    sql.run("overlaps")
    for table in ("dates", "masks", "user_masks", "overlapping"):
        merges.run("drop", {"table": table})
    return sql.count("staged")


def merge(context: Context, rows: int) -> None:
    """Take in `rows` staged rows: what was known stays known; who left goes to history."""
    sql, merges, reports = context.sql("usage"), context.sql("merge"), context.sql("reports")
    sql.run("leavers", now=context.now)
    reports.run("forget_gone", {"table": "usage"})
    if rows and sql.count("usage_count"):
        sql.run("months", now=context.now)
        sql.run("merge", now=context.now)
        sql.run("drop_old")
        sql.run("rename")
    elif rows:
        sql.run("first", now=context.now)
    if sql.count("no_app_dates"):
        sql.run("merge_app_dates")
        sql.run("forget_app_dates")
        sql.run("add_app_dates")
    merges.run("drop", {"table": "usage_stage"})
    sql.run(
        "activity"
        if context.first or context.imported & {*_EXACT, *APP_USAGE, "teamsDevices"}
        else "no_activity"
    )
