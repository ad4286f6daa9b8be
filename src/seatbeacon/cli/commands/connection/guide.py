"""`seatbeacon connection guide|presets`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.lazy import Command
from seatbeacon.cli.output.rows import format_option, print_rows
from seatbeacon.cli.output.table import print_table
from seatbeacon.inventory.neutral import neutral

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.beacon.connections.guide import AppGuide
    from seatbeacon.beacon.connections.permissions import Permission

_PERMISSION = ("Permission", "Kind", "Id", "Reads")


@click.command(cls=Command)
@click.argument("name")
@format_option("table", "json")
def guide(name: str, format_: str) -> None:
    """Say step by step how to register an app of your own for the connection NAME.

    With the exact permissions and redirect URIs, the link by which an administrator consents, and the
    narrower permissions as an alternative.
    """
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.connections.guide import app_guide
    from seatbeacon.beacon.connections.services import find_connection

    found = app_guide(find_connection(name))
    if format_ == "json":
        told = asdict(found)
        print_rows(format_, tuple(told), [tuple(told.values())])
        return
    _print(found)


@click.command(cls=Command)
@format_option()
def presets(format_: str) -> None:
    """List the app registrations that `connection add --preset` takes: whose each is, and who may use it."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.presets import presets as read

    rows = [
        (one.key, one.label, one.client_id or None, one.owner, one.who_may_use, one.note or None)
        for one in read(settings)
    ]
    keys = ("key", "label", "client_id", "owner", "who_may_use", "note")
    print_rows(
        format_, keys, rows, ("Key", "App registration", "Client ID", "Whose it is", "Who may use it", "Note")
    )


def _print(found: AppGuide) -> None:
    for number, step in enumerate(found.steps, start=1):
        click.echo(f"{number}. {step.title}")
        click.echo(textwrap.indent(textwrap.fill(neutral(step.text), 96), "   "))
        for label, value in step.copy:
            click.echo(f"   {label}: {neutral(value)}")
        click.echo()
    _permissions("Permissions", found.permissions)
    click.echo(f"\n{textwrap.fill(found.narrower_note, 99)}\n")
    _permissions("Narrower permissions", found.narrower)
    click.echo()
    _permissions("Optional: an import does without", found.optional)


def _permissions(title: str, permissions: Sequence[Permission]) -> None:
    rows = [(one.name, one.kind, one.id, one.why) for one in permissions]
    print_table(_PERMISSION, rows, title=title)
