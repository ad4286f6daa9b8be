"""`seatbeacon secrets`: the keys that seal secrets, and whether they open them."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
# They start what the pages start: people's second factors are secrets too, and the pages know of those.
import click

from seatbeacon.cli.lazy import Group
from seatbeacon.cli.output.rows import format_option, print_rows
from seatbeacon.inventory.neutral import neutral_line


@click.group(cls=Group)
def secrets() -> None:
    """Stored secrets: their keys and their state. No value is ever shown."""


@secrets.command()
def rotate() -> None:
    """Make a new key, seal every secret with it, and drop the old keys.

    Keys in SEATBEACON_SECRET_KEYS are for you to set: everything is sealed with the first one, and the
    command says what to do next.
    """
    from seatbeacon.web.start import start

    settings = start()
    from seatbeacon.beacon.secrets.rotation import rotate_keys
    from seatbeacon.cli.actor import command_line

    done = rotate_keys(settings, actor=command_line())
    click.echo(f"Sealed {done.resealed} secrets with the key {done.sealing_key_id}.")
    for key_id in done.dropped:
        click.echo(f"Dropped the key {key_id}.")
    for lost in done.lost:
        told = (
            f"The {lost.label.lower()} of “{lost.connection}” opens with no key. Give it again: {lost.remedy}"
        )
        click.echo(neutral_line(told), err=True)
    for step in done.next_steps:
        click.echo(step, err=True)


@secrets.command()
@format_option()
def show(format_: str) -> None:
    """Show the keys by their ids: where they stand, and how many secrets each one seals."""
    from seatbeacon.web.start import start

    settings = start()
    from seatbeacon.beacon.secrets.inspection import inspect_secrets

    report = inspect_secrets(settings)
    rows = [
        (key.id, "seals and opens" if key.seals else "opens", key.used_by, report.source)
        for key in report.keys
    ]
    print_rows(format_, ("key_id", "use", "secrets", "source"), rows, ("Key", "Use", "Secrets", "Source"))


@secrets.command()
@format_option()
def check(format_: str) -> int:
    """Try every stored secret, and tell which connections need which one again.

    Exit status: 0 all of them open, 1 some do not.
    """
    from seatbeacon.web.start import start

    settings = start()
    from seatbeacon.beacon.secrets.inspection import inspect_secrets

    report = inspect_secrets(settings)
    rows = [
        (one.connection, one.label, one.state, one.key_id, one.stored_at, one.remedy or None)
        for one in report.secrets
    ]
    keys = ("connection", "secret", "state", "key_id", "stored_at", "give_again")
    labels = ("Connection", "Secret", "State", "Key", "Stored", "Give it again with")
    print_rows(format_, keys, rows, labels)
    if report.lost:
        told = f"{len(report.lost)} of {len(report.secrets)} secrets open with no key in {report.source}."
        click.echo(f"{told} Put the lost key back, or give the secrets again.", err=True)
        return 1
    return 0
