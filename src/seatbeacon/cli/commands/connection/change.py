"""`seatbeacon connection add|edit|delete|enable|disable`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import sys
from typing import TYPE_CHECKING, Any

import click

from seatbeacon.cli.commands.connection.options import connection_options, given_fields, given_secrets
from seatbeacon.cli.lazy import Command

if TYPE_CHECKING:
    from seatbeacon.beacon.models import Connection


@click.command(cls=Command)
@click.argument("name")
@click.option("--preset", metavar="KEY", help="App registration to fill in; see: connection presets.")
@connection_options
def add(name: str, **options: Any) -> None:
    """Add the connection NAME. Nothing is asked over the network.

    The defaults are those of the FlexNet Manager Suite multi-tenant app. Secrets are read from a file, from
    standard input (-) or a prompt.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.services import add_connection
    from seatbeacon.beacon.secrets.keys import load_key_ring
    from seatbeacon.cli.actor import command_line

    given = given_fields(options, settings=settings)
    secrets = given_secrets(options, prompt_for_secret=given.flow == "client-credentials")
    connection = add_connection(load_key_ring(settings), name, given, secrets, actor=command_line())
    click.echo(f"Added connection “{connection.name}”.")
    _say_next(connection)


@click.command(cls=Command)
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help="A new name for the connection.")
@connection_options
def edit(name: str, new_name: str | None, **options: Any) -> None:
    """Change the connection NAME: only what is given changes, and an empty value empties a field.

    Secrets that were given for another app, endpoint or proxy than the new one are forgotten.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.services import edit_connection, find_connection
    from seatbeacon.beacon.secrets.keys import load_key_ring
    from seatbeacon.cli.actor import command_line

    connection = find_connection(name)
    fields = given_fields(options)
    secrets = given_secrets(options)
    ring, actor = load_key_ring(settings), command_line()
    forgotten = edit_connection(ring, connection, fields, secrets, new_name, actor=actor)
    from seatbeacon.beacon.secrets.held import how_to_give

    connection.refresh_from_db()
    click.echo(f"Changed connection “{connection.name}”.")
    for field in forgotten:
        told = f"Its {field.label.lower()} was for other settings and is forgotten. Give it again with: "
        click.echo(told + how_to_give(connection.name, field), err=True)
    _say_next(connection)


@click.command(cls=Command)
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--with-inventory", is_flag=True, help="Delete what it imported too.")
def delete(name: str, *, yes: bool, with_inventory: bool) -> None:
    """Delete the connection NAME and its secrets. What it imported stays, and gets old."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.deletion import delete as delete_connection
    from seatbeacon.beacon.connections.deletion import what_goes_stale
    from seatbeacon.beacon.connections.services import find_connection
    from seatbeacon.beacon.runs.recovery import interrupt_dead_runs
    from seatbeacon.cli.actor import command_line

    connection = find_connection(name)
    interrupt_dead_runs(settings)
    stale = what_goes_stale(connection)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Nobody is there to ask: give --yes to delete it.")
        click.echo(f"This deletes the connection “{connection.name}” and its secrets. {stale.sentence}")
        if stale.anything:
            told = f"{stale.versions} versions and {stale.packages} packages"
            click.echo(f"Its {told} are deleted too." if with_inventory else f"Its {told} stay.")
        typed = click.prompt("Type its name to delete it", default="", show_default=False)
        if typed.strip().lower() != connection.name.lower():
            raise click.ClickException("Nothing was deleted.")
    delete_connection(settings, connection, with_inventory=with_inventory, actor=command_line())
    click.echo(f"Deleted connection “{connection.name}”.")
    if stale.anything and not with_inventory:
        click.echo(stale.sentence, err=True)


@click.command(cls=Command)
@click.argument("name")
def enable(name: str) -> None:
    """Let the connection NAME import again."""
    _set_enabled(name, enabled=True)


@click.command(cls=Command)
@click.argument("name")
def disable(name: str) -> None:
    """Keep the connection NAME from importing. What it imported still counts."""
    _set_enabled(name, enabled=False)


def _set_enabled(name: str, *, enabled: bool) -> None:
    from seatbeacon.beacon.start import start

    start()
    from seatbeacon.beacon.connections.services import find_connection, set_enabled
    from seatbeacon.cli.actor import command_line

    connection = find_connection(name)
    set_enabled(connection, enabled=enabled, actor=command_line())
    click.echo(f"Connection “{connection.name}” is {'enabled' if enabled else 'disabled'}.")


def _say_next(connection: Connection) -> None:
    from seatbeacon.beacon.connections.services import lacks_refresh_token

    if lacks_refresh_token(connection):
        next_step = f'seatbeacon connection authorize "{connection.name}"'
        click.echo(f"It has no refresh token yet. Sign in with: {next_step}", err=True)
    else:
        click.echo(f'Try it with: seatbeacon connection test "{connection.name}"', err=True)
