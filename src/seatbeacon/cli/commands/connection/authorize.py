"""`seatbeacon connection authorize`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import secrets
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.lazy import Command
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from seatbeacon.beacon.authorization.candidates import Candidate
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings


@click.command(cls=Command)
@click.argument("name")
@click.option("--device-code", is_flag=True, help="Sign in on another device, by a code that is shown.")
@click.option("--no-browser", is_flag=True, help="Only print the address to open.")
def authorize(name: str, *, device_code: bool, no_browser: bool) -> None:
    """Sign in at Microsoft for the connection NAME, and give it the refresh token that comes back.

    With a redirect URI on this machine (http://localhost) the answer is waited for here. With Microsoft's
    blank page the address on which the sign-in ends is asked for. Nothing changes where it fails.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.services import find_connection
    from seatbeacon.beacon.models import Flow
    from seatbeacon.cli.signing_in import by_browser, by_device_code

    connection = find_connection(name)
    if connection.flow == Flow.CLIENT_CREDENTIALS:
        message = f"“{connection.name}” signs in as an app by itself: there is nothing to authorize."
        raise click.ClickException(message)
    asker = secrets.token_urlsafe(32)
    if device_code or connection.flow == Flow.DEVICE_CODE:
        candidate = by_device_code(settings, connection, asker)
    else:
        candidate = by_browser(settings, connection, asker, open_it=not no_browser)
    _save(settings, connection, candidate, asker)


def _save(settings: Settings, connection: Connection, candidate: Candidate, asker: str) -> None:
    from seatbeacon.beacon.authorization.candidates import open_candidate
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.connections.services import GivenSecrets, edit_connection
    from seatbeacon.beacon.secrets.keys import load_key_ring
    from seatbeacon.cli.actor import command_line

    ring = load_key_ring(settings)
    token = open_candidate(ring, candidate.id, asker=asker)
    edit_connection(ring, connection, Given(), GivenSecrets(authorized=token), actor=command_line())
    facts = candidate.facts
    click.echo(neutral_line(f"{facts.who or 'Somebody'} signed in for “{connection.name}”."))
    if facts.tenant_id:
        click.echo(f"Tenant: {facts.tenant_id}")
    if facts.scopes:
        click.echo(neutral_line(f"Permissions: {', '.join(facts.scopes)}"))
    click.echo(f"The token dies on {facts.dies_on} if nothing uses it before.")
    click.echo(f'Try it with: seatbeacon connection test "{connection.name}"', err=True)
