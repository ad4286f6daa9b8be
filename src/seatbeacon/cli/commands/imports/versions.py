"""`seatbeacon import versions|go-back`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import sys

import click

from seatbeacon.cli.lazy import Command
from seatbeacon.cli.output.rows import format_option, print_rows
from seatbeacon.inventory.neutral import neutral_line

_COLUMNS = {
    "version": "Version",
    "tenant": "Tenant",
    "published_at": "Published",
    "run": "Run",
    "users": "Users",
    "licenses": "Licenses",
    "assignments": "Assignments",
    "current": "Readers see it",
}


@click.command(cls=Command)
@click.option("--tenant", metavar="TENANT", help="Only this tenant's: its id or name.")
@format_option()
def versions(tenant: str | None, format_: str) -> None:
    """List the versions of each tenant's inventory that are kept, to go back to."""
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.imports.going_back import kept_versions
    from seatbeacon.beacon.imports.versions import choose_version

    kept = kept_versions(choose_version(tenant).tenant_id if tenant is not None else None)
    rows = [
        (
            version.pk,
            version.tenant.display_name,
            version.published_at,
            version.run_id,
            *(version.run.counts.get(what, {}).get("total") for what in ("users", "licenses", "assignments")),
            version.current,
        )
        for version in kept
    ]
    if not rows:
        click.echo("There is no version yet. Import one with: seatbeacon import run NAME", err=True)
    if rows or format_ != "table":
        print_rows(format_, tuple(_COLUMNS), rows, tuple(_COLUMNS.values()))


@click.command("go-back", cls=Command)
@click.argument("version", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Do not ask.")
def go_back(version: int, *, yes: bool) -> None:
    """Let readers see VERSION of its tenant's inventory again. The next import goes on from it.

    The other versions stay as long as they are kept: one can go forth again in the same way.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.going_back import find_version
    from seatbeacon.beacon.imports.going_back import go_back as go
    from seatbeacon.cli.actor import command_line

    found = find_version(version)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Nobody is there to ask: give --yes to go back.")
        question = f"Go back to version {found.pk} of {found.tenant.display_name}?"
        if not click.confirm(neutral_line(question), err=True):
            raise click.ClickException("Nothing was changed.")
    go(settings, found, actor=command_line())
    click.echo(neutral_line(f"Readers of {found.tenant.display_name} see version {found.pk} from now on."))
