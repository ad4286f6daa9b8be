"""`seatbeacon recommendation`: say how they stand, and take it back."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.actor import command_line
from seatbeacon.cli.lazy import Group
from seatbeacon.cli.options import TENANT
from seatbeacon.cli.output.reports import file_name, make_folder, write_report
from seatbeacon.cli.output.rows import print_rows
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from seatbeacon.beacon.savings.decisions import Finding

STATES = ("open", "accepted", "in-work", "done", "dismissed", "exempted")
BY = {
    "manager": "manager_id",
    "department": "department",
    "country": "country",
    "company": "company_name",
    "cost-center": "cost_center",
}
"""What reports are split by, and the column that says it."""
SHOWN = 10
"""Recommendations that are shown before they are decided on."""


@click.group(cls=Group)
def recommendation() -> None:
    """Recommendations: decide on them. They are listed by: seatbeacon list recommendations."""


@recommendation.command()
@click.argument("state", type=click.Choice(STATES))
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FILTER",
    help="All that this finds, such as rule=never-used, as `seatbeacon list` takes it. Repeatable.",
)
@click.option("--search", metavar="TEXT", help="All that hold TEXT somewhere.")
@click.option("--reason", metavar="TEXT", default="", help="Why; needed for dismissed and exempted.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The last day of a dismissal or an exemption; for good unless given.",
)
@TENANT
@click.option("--dry-run", is_flag=True, help="Show what would be decided on, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def decide(
    state: str,
    keys: tuple[str, ...],
    filters: tuple[str, ...],
    search: str | None,
    reason: str,
    until: datetime | None,
    tenant: str | None,
    *,
    dry_run: bool,
    yes: bool,
) -> None:
    """Say that recommendations are STATE from now on: those with a KEY, or all that filters find.

    The keys are in the column key of `seatbeacon list recommendations --format json`. Nothing is changed at
    Microsoft; the next imports confirm what is done.
    """
    if not (keys or filters or search):
        raise click.UsageError("Say which: give their keys, or --filter, or --search.")
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.versions import choose_version
    from seatbeacon.beacon.models import DecisionState
    from seatbeacon.beacon.savings.decisions import MOST, check
    from seatbeacon.beacon.savings.decisions import decide as decide_on
    from seatbeacon.beacon.savings.evaluate import recommendations_of
    from seatbeacon.beacon.savings.listed import findings
    from seatbeacon.inventory.query import parse_filter

    chosen, day = DecisionState(state.replace("-", " ")), until.date() if until else None
    outcome = recommendations_of(settings, choose_version(tenant))
    asked = [parse_filter(text) for text in filters]
    found = findings(outcome, keys=keys, filters=asked, search=search, limit=MOST + 1)
    if keys and not (filters or search):
        _all_found(keys, found)
    if not found:
        raise click.ClickException("Nothing matches, so nothing was decided.")
    check(len(found), chosen, reason, day)
    _show(found, outcome.currency)
    if dry_run:
        click.echo("Nothing was changed.")
        return
    if not yes:
        _ask(f"{_count(found)} {chosen.label.lower()} from now on?")
    act = decide_on(outcome.tenant_id, found, chosen, actor=command_line(), reason=reason, until=day)
    click.echo(f"Decided on {_count(found)}: {chosen.label.lower()}.")
    told = f" --tenant {outcome.tenant_id}" if tenant else ""
    click.echo(f"Take it back with: seatbeacon recommendation undo {act.batch}{told}", err=True)


@recommendation.command()
@click.argument("act")
@TENANT
def undo(act: str, tenant: str | None) -> None:
    """Take back ACT, which `decide` told; what was decided anew since stays."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.imports.versions import choose_version
    from seatbeacon.beacon.savings.decisions import undo as take_back

    count = take_back(choose_version(tenant).tenant_id, act, actor=command_line())
    if not count:
        raise click.ClickException("There is nothing to take back: all was decided on anew, or taken back.")
    click.echo(f"Taken back: {count:,} recommendation{' stands' if count == 1 else 's stand'} as before.")


@recommendation.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option(
    "--each",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="A report of each manager, or of what --by says, into DIR.",
)
@click.option("--by", type=click.Choice(list(BY)), default="manager", show_default=True, help="For --each.")
@click.option("--format", "format_", type=click.Choice(("pdf", "xlsx")), default="pdf", show_default=True)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FILTER",
    help="Only what this finds, such as state=accepted. Repeatable. [default: what is still to be done]",
)
@TENANT
def report(
    output: Path | None,
    each: Path | None,
    by: str,
    format_: str,
    filters: tuple[str, ...],
    tenant: str | None,
) -> None:
    """Write recommendations as a report to hand on: by rule, each with its evidence."""
    if (output is None) == (each is None):
        raise click.UsageError("Say where to write: --output FILE, or --each DIR.")
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.versions import choose_version
    from seatbeacon.beacon.savings.evaluate import recommendations_of
    from seatbeacon.beacon.savings.listed import STANDS
    from seatbeacon.beacon.savings.report import MOST, PRINTED, Scope, recommendations_document, scopes_by
    from seatbeacon.inventory.query import parse_filter

    version = choose_version(tenant)
    outcome = recommendations_of(settings, version)
    whole = Scope(
        tenant=version.tenant.display_name,
        imported_at=outcome.imported_at,
        filters=tuple(parse_filter(text) for text in filters) or (STANDS,),
        narrowed=filters,
    )
    most = PRINTED if format_ == "pdf" else MOST
    if output is not None:
        write_report(output, recommendations_document(outcome, whole, most=most), format_)
        click.echo(neutral_line(f"Wrote {output}"))
        return
    assert each is not None  # noqa: S101 - one of both is given
    make_folder(each)
    taken: set[str] = set()
    scopes = scopes_by(outcome, whole, BY[by])
    with click.progressbar(scopes, label="Reports", file=sys.stderr) as parts:
        for scope in parts:
            target = each / f"{file_name('recommendations', scope.title, taken)}.{format_}"
            write_report(target, recommendations_document(outcome, scope, most=most), format_)
    click.echo(neutral_line(f"Wrote {len(scopes)} reports into {each}"))


def _all_found(keys: Sequence[str], found: Sequence[Finding]) -> None:
    missing = sorted(set(keys) - {one.key for one in found})
    if missing:
        more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
        message = f"No recommendation has the key {missing[0]!r}{more}, so nothing was decided."
        raise click.ClickException(neutral_line(message))


def _show(found: Sequence[Finding], currency: str) -> None:
    rows = [(one.user_name, one.product_name, one.rule_title, one.yearly_saving) for one in found[:SHOWN]]
    keys = ("user_name", "product_name", "rule_title", "yearly_saving")
    print_rows("table", keys, rows, ("Name", "Product", "Rule", "Saved a year"))
    if len(found) > SHOWN:
        click.echo(f"… and {len(found) - SHOWN:,} more.")
    priced = [one.yearly_saving for one in found if one.yearly_saving is not None]
    without = len(found) - len(priced)
    saved = f"{sum(priced, Decimal(0)):,.2f} {currency} a year" if priced else "no price is known"
    click.echo(f"{_count(found)}: {saved}{f'; {without:,} without a price' if priced and without else ''}.")


def _count(found: Sequence[Finding]) -> str:
    return "1 recommendation" if len(found) == 1 else f"{len(found):,} recommendations"


def _ask(question: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to ask: give --yes to decide.")
    if not click.confirm(neutral_line(question), err=True):
        raise click.ClickException("Nothing was changed.")
