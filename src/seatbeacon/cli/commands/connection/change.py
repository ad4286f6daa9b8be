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

    secrets = given_secrets(options, prompt_for_secret=options["flow"] == "client-credentials")
    connection = add_connection(load_key_ring(settings), name, given_fields(options), secrets)
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

    connection = find_connection(name)
    fields = given_fields(options)
    secrets = given_secrets(options)
    forgotten = edit_connection(load_key_ring(settings), connection, fields, secrets, new_name)
    connection.refresh_from_db()
    click.echo(f"Changed connection “{connection.name}”.")
    for field in forgotten:
        label = field.label.lower()
        click.echo(f"Its {label} was given for other settings and is forgotten; give it again.", err=True)
    _say_next(connection)


@click.command(cls=Command)
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(name: str, *, yes: bool) -> None:
    """Delete the connection NAME and its secrets. What it imported stays, and gets old."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.services import delete_connection, find_connection
    from seatbeacon.beacon.runs.recovery import interrupt_dead_runs

    connection = find_connection(name)
    interrupt_dead_runs(settings)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Nobody is there to ask: give --yes to delete it.")
        told = f"Delete connection “{connection.name}” and its secrets? What it imported stays, and gets old."
        if not click.confirm(told):
            raise click.ClickException("Nothing was deleted.")
    delete_connection(connection)
    click.echo(f"Deleted connection “{connection.name}”.")


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

    connection = find_connection(name)
    set_enabled(connection, enabled=enabled)
    click.echo(f"Connection “{connection.name}” is {'enabled' if enabled else 'disabled'}.")


def _say_next(connection: Connection) -> None:
    from seatbeacon.beacon.connections.services import lacks_refresh_token

    if lacks_refresh_token(connection):
        next_step = f'seatbeacon connection edit "{connection.name}" --refresh-token-file FILE'
        click.echo(f"It has no refresh token yet. Give it one with: {next_step}", err=True)
    else:
        click.echo(f'Try it with: seatbeacon connection test "{connection.name}"', err=True)
