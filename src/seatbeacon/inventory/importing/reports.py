"""Reports: staged once each, matched to users by name, then taken in where they are news."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from seatbeacon.collection.package.schemas import APP_USAGE_PERIODS, SCHEMAS
from seatbeacon.inventory.applications import APP_USAGE_CELLS
from seatbeacon.inventory.importing.csvfile import NAME_COLUMNS, Columns, columns_of, snake
from seatbeacon.inventory.importing.faults import LINE_SIZE, reading_file

if TYPE_CHECKING:
    from datetime import date

    from seatbeacon.inventory.importing.context import Context

APP_USAGE = {f"appUsageD{period}": period for period in APP_USAGE_PERIODS}
REPORTS = tuple(name for name, schema in SCHEMAS.items() if schema.kind == "report")
DETAILS = {
    "activations": "activations",
    "mailboxUsage": "mailboxes",
    "oneDriveUsage": "onedrives",
    "copilotUsage": "copilot_usage",
}
"""Reports whose rows are kept as they are, and the table that keeps them."""
_BEST_ROW = {
    "mailboxUsage": "CASE WHEN is_deleted IS NOT TRUE THEN coalesce(last_activity_date, created_date) END",
    "oneDriveUsage": "CASE WHEN is_deleted IS NOT TRUE THEN last_activity_date END",
    "copilotUsage": "last_activity_date",
}
"""Which row counts where a report has several for one user: the latest by this."""

_DAY = "Last Activity Date"
_TAKEN: dict[str, tuple[str, ...]] = {
    "activeUsers": tuple(
        f"{service} {_DAY}" for service in ("Exchange", "OneDrive", "SharePoint", "Yammer", "Teams")
    ),
    **dict.fromkeys(
        ("emailActivity", "oneDriveActivity", "sharePointActivity", "teamsActivity", "vivaEngageActivity"),
        (_DAY,),
    ),
    "teamsDevices": tuple(
        name for name, kind in SCHEMAS["teamsDevices"].columns.items() if kind == "BOOLEAN"
    ),
}
"""What is staged of a report whose other columns are only looked at."""


@dataclass(frozen=True)
class Staged:
    """A report whose rows stand in a temporary table: what of it could be used."""

    dataset: str
    rows: int
    matched: int
    refresh: date


def stage(context: Context) -> dict[str, Staged]:
    """Read every report that came with rows and is news. Answers those whose rows are to be merged."""
    staged: dict[str, Staged] = {}
    sql = context.sql("reports")
    sql.run("join_as_written")
    for dataset in REPORTS:
        record = context.collected(dataset)
        if record is None or record.count == 0:
            continue
        if context.unchanged(dataset) and not context.new_names:
            continue
        context.step(f"Reading {dataset}")
        report = _stage_one(context, dataset, record.refresh_date)
        if report is not None:
            staged[dataset] = report
            context.imported.add(dataset)
    sql.run("join_as_you_like")
    strangers = [
        f"{report.rows - report.matched:,} of {report.rows:,} in {report.dataset}"
        for report in staged.values()
        if report.rows > report.matched
    ]
    if strangers:
        context.notes.append(f"Report rows that match no user: {', '.join(strangers)}.")
    return staged


def _stage_one(context: Context, dataset: str, refresh: date | None) -> Staged | None:
    path = context.path(dataset)
    columns = columns_of(dataset, path)
    if not columns.named:
        context.notes.append(f"{dataset}: the report has no column that names users; it was left out.")
        return None
    if columns.missing:
        context.notes.append(f"{dataset}: the report lacks {', '.join(_listed(columns.missing))}.")
    sql, words = context.sql("reports"), {"stage": f"report_{dataset}"}
    _read(context, dataset, path, columns)
    rows, matched, uncastable, newest = sql.one("facts", words)
    newest = newest or refresh
    held = context.known.get(dataset, {}).get("refresh_date")
    if newest is None or rows == 0:
        context.notes.append(f"{dataset}: the report holds no dated row; it was left out.")
        return None
    if held is not None and newest < held:  # type: ignore[operator] # both are dates
        context.notes.append(
            f"{dataset}: the report ends on {newest}, older than what is known up to {held}; left out."
        )
        return None
    if uncastable:
        context.notes.append(f"{dataset}: {uncastable:,} rows hold a value that is not what its column says.")
    if rows > matched:
        sql.run("only_matched", words)
    if dataset in _BEST_ROW and sql.count("repeated", words):
        sql.run("one_per_user", words | {"best": _BEST_ROW[dataset]})
    return Staged(dataset, rows, matched, newest)


def _listed(names: tuple[str, ...], most: int = 4) -> list[str]:
    more = len(names) - most
    return [repr(name) for name in names[:most]] + ([f"and {more} more"] if more > 0 else [])


def _read(context: Context, dataset: str, path: str, columns: Columns) -> None:
    sql = context.sql("reports")
    values = {"path": path, "line_size": LINE_SIZE}
    with reading_file(path, sql):
        for attempt in (columns, replace(columns, strict=False)):
            try:
                sql.run("stage", _words(dataset, attempt), **values)
            except (duckdb.InvalidInputException, duckdb.ConversionException):
                continue  # a cell that is not what its column says, or a row of another width
            return
        # Rows of another width than the header: read again, slower, missing cells empty.
        sql.run("stage", _words(dataset, attempt, lenient=True), **values)
        context.notes.append(f"{dataset}: some rows are shorter or longer than the header.")


def _words(dataset: str, columns: Columns, *, lenient: bool = False) -> dict[str, str]:
    headers = [name for name in columns.types if name not in NAME_COLUMNS]
    if dataset in APP_USAGE:
        headers = ["Report Refresh Date", "Last Activation Date", _DAY]
    taken = {"Report Refresh Date", *_TAKEN.get(dataset, headers)}
    fields = [f"{columns.cast(header)} AS {snake(header)}" for header in headers if header in taken]
    if dataset in APP_USAGE:
        mask = " + ".join(
            f"CASE WHEN {columns.flag(header)} THEN {bit} ELSE 0 END" for bit, header in mask_bits().items()
        )
        fields.append(f"({mask})::BIGINT AS mask")
    return {
        "stage": f"report_{dataset}",
        "columns": ", ".join(fields),
        "uncastable": columns.uncastable(headers),
        "names": columns.names(lenient=lenient),
        "principal": columns.principal(lenient=lenient),
        "lenient": "true" if lenient else "false",
        "parallel": "false" if lenient else "true",
    }


def mask_bits() -> dict[int, str]:
    """Bit to header of the app usage report, for the cells that tell of an application and platform."""
    return {1 << place: header for place, header in enumerate(APP_USAGE_CELLS)}


def merge_details(context: Context, staged: dict[str, Staged]) -> None:
    """Replace what the reports with rows of their own hold, and keep how well each report matched."""
    sql = context.sql("reports")
    sql.run("matching_forgotten", datasets=list(staged))
    sql.run(
        "matching",
        datasets=list(staged),
        rows=[report.rows for report in staged.values()],
        matched=[report.matched for report in staged.values()],
    )
    for dataset, table in DETAILS.items():
        if dataset in staged:
            sql.run("forget_rows", {"table": table})
            sql.run(dataset)
        elif context.gone:
            sql.run("forget_gone", {"table": table})
    if context.gone:
        for table in ("sign_ins", "app_usage_users"):
            sql.run("forget_gone", {"table": table})
