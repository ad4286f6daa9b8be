"""`seatbeacon list`: what the inventory holds."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import itertools
from typing import TYPE_CHECKING

import click

from seatbeacon.beacon.listings import NAMES
from seatbeacon.cli.lazy import Command
from seatbeacon.cli.options import TENANT
from seatbeacon.cli.output.rows import format_option, print_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seatbeacon.inventory.query import Group
    from seatbeacon.optimization import Outcome

TABLE_LIMIT = 50
"""Rows of a table unless another limit is given: more than a screen is read by programs, in other formats."""


@click.command("list", cls=Command)
@click.argument("listing", type=click.Choice(NAMES))
@TENANT
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FILTER",
    help="Such as department=Sales; also != > >= < <= and ~ (contains). Repeatable.",
)
@click.option("--search", metavar="TEXT", help="Only rows that hold TEXT somewhere.")
@click.option(
    "--sort", multiple=True, metavar="COLUMN", help="Sort by COLUMN, or -COLUMN downwards. Repeatable."
)
@click.option("--as-of", metavar="DATE", help="As it was at the end of DATE, such as 2026-03-01.")
@click.option("--group-by", metavar="COLUMN", help="Count the rows by the values of COLUMN.")
@click.option("--columns", metavar="COLUMNS", help="Which columns, separated by commas.")
@click.option("--limit", type=click.IntRange(min=0), help="At most so many rows; 0 for all. [table: 50]")
@format_option()
def listing(  # noqa: PLR0917 - click gives them by name
    listing: str,
    tenant: str | None,
    filters: tuple[str, ...],
    search: str | None,
    sort: tuple[str, ...],
    as_of: str | None,
    group_by: str | None,
    columns: str | None,
    limit: int | None,
    format_: str,
) -> None:
    """List what the inventory holds: as of the last import, or of a date."""
    show_listing(
        listing,
        tenant=tenant,
        filters=filters,
        search=search,
        sort=sort,
        as_of=as_of,
        group_by=group_by,
        columns=columns,
        limit=limit,
        format_=format_,
    )


def show_listing(
    name: str,
    *,
    tenant: str | None = None,
    filters: Sequence[str] = (),
    search: str | None = None,
    sort: Sequence[str] = (),
    as_of: str | None = None,
    group_by: str | None = None,
    columns: str | None = None,
    limit: int | None = None,
    format_: str = "table",
) -> None:
    """Print a listing of the tenant's current version; the options are the command's."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.versions import choose_version
    from seatbeacon.beacon.listings import readable
    from seatbeacon.inventory.query import group, moment_of, parse_filter, run
    from seatbeacon.inventory.utc import aware

    moment = moment_of(as_of) if as_of else None
    found = readable(settings, choose_version(tenant), name, as_of=moment)
    file, declared = found.file, found.listing
    if found.outcome is not None:
        _tell_what_is_missing(found.outcome)
    known = [column.key for column in declared.columns]
    labels = {column.key: column.label for column in declared.columns}
    wanted = [_known(key, known) for key in _split([columns])] if columns else None
    shown = (
        [c.key for c in declared.columns if c.default_visible or format_ != "table"]
        if wanted is None
        else wanted
    )
    most = (TABLE_LIMIT if format_ == "table" else 0) if limit is None else limit
    asked = [parse_filter(text) for text in filters]
    if group_by:
        key = _known(group_by, known)
        groups = group(
            file,
            declared,
            key,
            filters=asked,
            search=search,
            sort=_split(sort),
            # One more than is shown tells whether there are more.
            limit=most + 1 if most else None,
            as_of=moment,
        )
        _print_groups(groups, key, labels.get(key, key), most, format_)
        _tell_rest(
            min(len(groups), most or len(groups)),
            bool(most) and len(groups) > most,
            limit,
            filtered=bool(filters or search),
        )
        return
    result = run(
        file,
        declared,
        filters=asked,
        search=search,
        sort=[_known(key, known) for key in _split(sort)],
        columns=shown,
        as_of=moment,
        # One more than is shown tells whether there are more.
        limit=most + 1 if most else None,
    )
    rows = aware(result)
    taken = itertools.islice(rows, most) if most else rows
    count = print_rows(format_, shown, taken, [labels.get(key, key) for key in shown])
    _tell_rest(count, any(True for _ in rows) if most else False, limit, filtered=bool(filters or search))


def _tell_what_is_missing(outcome: Outcome) -> None:
    """On standard error: products without a price, and rules that cannot tell."""
    if outcome.unpriced_products:
        told = f"{len(outcome.unpriced_products)} products have no price, so their savings are not told."
        click.echo(f"{told} Type prices in under Optimization, Prices.", err=True)
    for status in outcome.statuses:
        if status.told in ("cannot tell", "in part"):
            click.echo(f"Rule {status.rule}: {status.told}. {' '.join(status.reasons)}", err=True)


def _tell_rest(count: int, more: bool, limit: int | None, *, filtered: bool) -> None:  # noqa: FBT001 - private
    """On standard error: that there are more rows, or why there are none."""
    if more and limit is None:
        click.echo(f"The first {count} are shown. See more with --limit N, or all with --limit 0", err=True)
    elif not count and limit != 0 and filtered:
        click.echo("Nothing matches. Try without --filter or --search", err=True)
    elif not count:
        click.echo("There is nothing to list. See what was read with: seatbeacon import list", err=True)


def _print_groups(groups: Sequence[Group], key: str, label: str, most: int, format_: str) -> None:
    """Groups as rows: the value, how many rows, how many users where that is another number, the sums."""
    shown = groups[:most] if most else groups
    users = any(each.users is not None and each.users != each.count for each in groups)
    sums = list(groups[0].sums) if groups else []
    keys = [key, "count", *(["users"] if users else []), *sums]
    rows = ((each.value, each.count, *([each.users] if users else []), *each.sums.values()) for each in shown)
    print_rows(format_, keys, rows, [label, *keys[1:]])


def _split(texts: Iterable[str | None]) -> list[str]:
    return [part.strip() for text in texts if text for part in text.split(",") if part.strip()]


def _known(key: str, known: Sequence[str]) -> str:
    """`key` as it is declared: a unique beginning of a column's key stands for the column."""
    sign, name = ("-", key[1:]) if key.startswith("-") else ("", key)
    if name in known:
        return key
    matching = [column for column in known if column.startswith(name)]
    return f"{sign}{matching[0]}" if len(matching) == 1 else key
