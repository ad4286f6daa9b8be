"""`seatbeacon leave`: who is away, and left alone by rules of activity."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from datetime import UTC, datetime

import click

from seatbeacon.cli.actor import command_line
from seatbeacon.cli.lazy import Group
from seatbeacon.cli.options import TENANT, found_of
from seatbeacon.cli.output.rows import format_option, print_rows
from seatbeacon.inventory.neutral import neutral_line

COLUMNS = {
    "number": "Number",
    "user_name": "User",
    "begins": "First day",
    "ends": "Last day",
    "days_after": "Days after",
    "reason": "Reason",
    "made_by": "By",
}
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(cls=Group)
def leave() -> None:
    """Leave: who is away, and left alone by the rules that judge by activity.

    For how long joiners are left alone: seatbeacon rule set all --threshold grace_days=DAYS.
    """


@leave.command(name="list")
@TENANT
@format_option()
def list_(tenant: str | None, format_: str) -> None:
    """List who is or was away, the last to begin first."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.imports.versions import choose_version
    from seatbeacon.beacon.models import Absence

    made = Absence.objects.filter(tenant_id=choose_version(tenant).tenant_id).order_by("-begins", "-pk")
    rows = [(one.pk, *(getattr(one, key) for key in list(COLUMNS)[1:])) for one in made]
    print_rows(format_, list(COLUMNS), rows, list(COLUMNS.values()))
    if not rows:
        click.echo("Nobody is away. Say who is with: seatbeacon leave add", err=True)


@leave.command()
@click.argument("user", metavar="USER")
@click.option("--from", "begins", type=_DAY, metavar="DATE", help="The first day; today unless given.")
@click.option("--until", "ends", type=_DAY, metavar="DATE", help="The last day; unknown unless given.")
@click.option(
    "--days-after", type=int, metavar="DAYS", help="Days left alone after the last day; 30 unless given."
)
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@TENANT
def add(
    user: str,
    begins: datetime | None,
    ends: datetime | None,
    days_after: int | None,
    reason: str,
    tenant: str | None,
) -> None:
    """Say that USER (user principal name or id) is away."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.versions import choose_version, version_path
    from seatbeacon.beacon.savings.exemptions import DAYS_AFTER, add_absence, find_user

    version = choose_version(tenant)
    file = version_path(settings, version)
    made = add_absence(
        version.tenant_id,
        found_of("user", user, lambda text: find_user(file, text)),
        (begins or datetime.now(UTC)).date(),
        ends.date() if ends else None,
        reason,
        actor=command_line(),
        days_after=DAYS_AFTER if days_after is None else days_after,
    )
    click.echo(neutral_line(f"Noted, as number {made.pk}: {made}."))


@leave.command()
@click.argument("number", type=click.IntRange(min=1))
def end(number: int) -> None:
    """Forget the leave NUMBER: its user is judged by activity again."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.models import Absence
    from seatbeacon.beacon.savings.exemptions import remove_absence

    made = Absence.objects.filter(pk=number).first()
    if made is None:
        raise click.ClickException(f"There is no leave {number}. See: seatbeacon leave list")
    remove_absence(made, actor=command_line())
    click.echo(f"Forgot leave {number}.")
