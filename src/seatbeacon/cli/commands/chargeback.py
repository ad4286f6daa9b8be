"""`seatbeacon chargeback`: what parts of an organisation cost, and reports to hand on."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.lazy import Command
from seatbeacon.cli.options import TENANT
from seatbeacon.cli.output.reports import file_name, make_folder, table_of, write_report
from seatbeacon.cli.output.rows import print_rows
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from seatbeacon.beacon.savings.handouts import Source
    from seatbeacon.documents import Document
    from seatbeacon.optimization import Chargeback, PartCost
    from seatbeacon.optimization.costs import Spread

BY = {
    "department": "department",
    "country": "country",
    "company": "company_name",
    "cost-center": "cost_center",
    "office": "office_location",
    "usage-location": "usage_location",
    "manager": "manager_id",
}
"""What costs can be told by, as the command line calls it, and the column of users that says it."""
FILES = ("xlsx", "pdf")
"""Formats that go to a file, never to the terminal."""
TABLE_LIMIT = 50


@click.command(cls=Command)
@click.option("--by", type=click.Choice(list(BY)), default="department", show_default=True, help="By what.")
@click.option(
    "--spread",
    type=click.Choice(("seats", "users", "evenly", "apart")),
    default="seats",
    show_default=True,
    help="Who bears the seats that nobody has: those with seats of the product, all by users, all parts "
    "alike, or a part of its own.",
)
@click.option("--per", type=click.Choice(("month", "year")), default="month", show_default=True)
@click.option("--part", metavar="NAME", help="Only this part, such as Sales; a manager's name or id.")
@click.option(
    "--table", metavar="TABLE", help="Which table: parts, products; of a part also licenses, recommendations."
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("table", "json", "csv", *FILES)),
    default="table",
    show_default=True,
    help="How to print; json is one object per line. xlsx and pdf need --output or --each.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option(
    "--each",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="A report of every part, into DIR.",
)
@TENANT
def chargeback(  # noqa: PLR0917 - click gives them by name
    by: str,
    spread: Spread,
    per: str,
    part: str | None,
    table: str | None,
    format_: str,
    output: Path | None,
    each: Path | None,
    tenant: str | None,
) -> None:
    """Tell what each department, country, company or manager costs, by the prices typed in.

    The parts add up to the total. Products without a price are told on standard error, and have no part in
    it.
    """
    _check(format_, output, each, part)
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.versions import choose_version, version_path
    from seatbeacon.beacon.savings.costs import costs_of
    from seatbeacon.beacon.savings.handouts import costs_document, part_document, source_of
    from seatbeacon.inventory.describe import describe

    version = choose_version(tenant)
    found = costs_of(settings, version, by=BY[by], spread=spread, per="year" if per == "year" else "month")  # type: ignore[arg-type] # one of them
    if found.unpriced:
        click.echo(f"Without a price, and not in these costs: {', '.join(sorted(found.unpriced))}.", err=True)
    source = source_of(settings, version, describe(version_path(settings, version)).imported_at)
    if each is not None:
        _write_each(each, source, found, spread, format_)
        return
    document = (
        costs_document(source, found, spread)
        if part is None
        else part_document(source, found, _part_named(found, part), spread)
    )
    if output is not None:
        write_report(output, document, format_, table_of(document, table))
        click.echo(neutral_line(f"Wrote {output}"))
    else:
        _print(document, format_, table)


def _check(format_: str, output: Path | None, each: Path | None, part: str | None) -> None:
    if output is not None and each is not None:
        raise click.UsageError("--output and --each do not go together.")
    if each is not None and part is not None:
        raise click.UsageError("--each is of all parts: leave --part out.")
    to_file = output is not None or each is not None
    if format_ in FILES and not to_file:
        raise click.UsageError(f"{format_} is not printed: say where to write it with --output FILE.")
    if to_file and format_ in ("table", "json"):
        raise click.UsageError("Files are written as csv, xlsx or pdf: say which with --format.")


def _part_named(found: Chargeback, name: str) -> PartCost:
    from seatbeacon.beacon.savings.costs import called

    matching = [
        part
        for part in found.parts
        if name == part.value or name.casefold() == called(part, found.by).casefold()
    ]
    if len(matching) != 1:
        told = "Nothing is charged to" if not matching else "Several are called"
        raise click.UsageError(f"{told} {neutral_line(name)!r}. See the names without --part.")
    return matching[0]


def _print(document: Document, format_: str, name: str | None) -> None:
    wanted = table_of(document, name)
    table = next(each for each in document.tables if each.name == wanted)
    rows = list(table.rows)
    shown = rows[:TABLE_LIMIT] if format_ == "table" else rows
    if format_ == "table" and table.sums is not None:
        shown = [*shown, table.sums]
    keys = [column.key for column in table.columns]
    print_rows(format_, keys, shown, [column.label for column in table.columns])
    if format_ == "table" and len(rows) > TABLE_LIMIT:
        click.echo(f"The first {TABLE_LIMIT} of {len(rows)} are shown; csv and json have all.", err=True)


def _write_each(folder: Path, source: Source, found: Chargeback, spread: Spread, format_: str) -> None:
    from seatbeacon.beacon.savings.costs import called
    from seatbeacon.beacon.savings.handouts import part_document

    make_folder(folder)
    taken: set[str] = set()
    with click.progressbar(found.parts, label="Reports", file=sys.stderr) as parts:
        for part in parts:
            name = file_name("costs", called(part, found.by), taken)
            write_report(folder / f"{name}.{format_}", part_document(source, found, part, spread), format_)
    click.echo(neutral_line(f"Wrote {len(found.parts)} reports into {folder}"))
