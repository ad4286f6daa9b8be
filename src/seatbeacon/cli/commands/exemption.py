"""`seatbeacon exemption`: what the rules leave alone."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.actor import command_line
from seatbeacon.cli.lazy import Group
from seatbeacon.cli.options import TENANT, found_of
from seatbeacon.cli.output.rows import format_option, print_rows
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from datetime import datetime

COLUMNS = {
    "number": "Number",
    "user_name": "User",
    "group_name": "Group",
    "department": "Department",
    "sku_id": "Product id",
    "rule": "Rule",
    "reason": "Reason",
    "until": "Until",
    "made_by": "By",
}


@click.group(cls=Group)
def exemption() -> None:
    """Exemptions: what the rules recommend nothing about. Who is away: seatbeacon leave."""


@exemption.command(name="list")
@TENANT
@format_option()
def list_(tenant: str | None, format_: str) -> None:
    """List the exemptions of a tenant, the newest first."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.imports.versions import choose_version
    from seatbeacon.beacon.models import Exempted

    made = Exempted.objects.filter(tenant_id=choose_version(tenant).tenant_id).order_by("-made_at")
    rows = [(one.pk, *(getattr(one, key) or None for key in list(COLUMNS)[1:])) for one in made]
    print_rows(format_, list(COLUMNS), rows, list(COLUMNS.values()))
    if not rows:
        click.echo("Nothing is exempted. Exempt with: seatbeacon exemption add", err=True)


@exemption.command()
@click.option("--user", metavar="USER", help="A user: user principal name or id.")
@click.option("--group", metavar="GROUP", help="A group that assigns licenses: name or id.")
@click.option("--department", metavar="NAME", help="A department.")
@click.option("--product", metavar="PRODUCT", help="A product: name, part number or id.")
@click.option("--rule", metavar="RULE", help="A rule's id, such as never-used; every rule unless given.")
@click.option("--reason", metavar="TEXT", required=True, help="Why.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day; for good unless given."
)
@TENANT
def add(
    user: str | None,
    group: str | None,
    department: str | None,
    product: str | None,
    rule: str | None,
    reason: str,
    until: datetime | None,
    tenant: str | None,
) -> None:
    """Exempt what is named; all that is given must match."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.versions import choose_version, version_path
    from seatbeacon.beacon.prices.products import find_product, known_products
    from seatbeacon.beacon.savings.exemptions import (
        NOBODY,
        GivenExemption,
        exempt,
        find_department,
        find_group,
        find_user,
    )
    from seatbeacon.beacon.savings.rules import rule_book

    version = choose_version(tenant)
    file = version_path(settings, version)
    known = rule_book(settings).titles
    if rule and rule not in known:
        raise click.ClickException(
            neutral_line(f"There is no rule {rule!r}. There are: {', '.join(sorted(known))}.")
        )
    sku = found_of("product", product, lambda text: find_product(known_products(settings), text))
    given = GivenExemption(
        user=found_of("user", user, lambda text: find_user(file, text)) or NOBODY,
        group=found_of("group", group, lambda text: find_group(file, text)) or NOBODY,
        department=found_of("department", department, lambda text: find_department(file, text)) or "",
        sku_id=sku.sku_id if sku else "",
        rule=rule or "",
        reason=reason,
        until=until.date() if until else None,
    )
    made = exempt(version.tenant_id, given, actor=command_line())
    click.echo(neutral_line(f"Exempted, as number {made.pk}: {made}."))


@exemption.command()
@click.argument("number", type=click.IntRange(min=1))
def end(number: int) -> None:
    """End the exemption NUMBER: the rules look at it again."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.models import Exempted
    from seatbeacon.beacon.savings.exemptions import end_exemption

    made = Exempted.objects.filter(pk=number).first()
    if made is None:
        raise click.ClickException(f"There is no exemption {number}. See: seatbeacon exemption list")
    end_exemption(made, actor=command_line())
    click.echo(f"Ended exemption {number}.")
