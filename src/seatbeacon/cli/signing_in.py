"""Ways through a sign-in at Microsoft from the command line: a listener, a pasted address, a device code."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import contextlib
import os
import sys
import time
import webbrowser
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from seatbeacon.cli.loopback import Listener
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from collections.abc import Generator

    from seatbeacon.beacon.authorization.begin import Begun
    from seatbeacon.beacon.authorization.candidates import Candidate
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings


def by_browser(settings: Settings, connection: Connection, asker: str, *, open_it: bool) -> Candidate:
    """Let a person sign in with a browser. Raises AuthorizationError."""
    from seatbeacon.beacon.authorization.begin import NATIVE_CLIENT_PATH, begin
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.cli.actor import command_line
    from seatbeacon.graph.endpoints import is_loopback

    given, actor = Given(), command_line()
    parts = urlsplit(connection.redirect_uri)
    # Nobody but the sign-in host itself answers at the path of its blank page.
    is_ours = parts.scheme == "http" and is_loopback(parts.hostname) and parts.path != NATIVE_CLIENT_PATH
    if not is_ours:
        begun = begin(settings, given=given, connection=connection, asker=asker, actor=actor)
        _show(begun, open_it=open_it)
        return _pasted(settings, begun, asker)
    with Listener(connection.redirect_uri) as listener:
        begun = begin(
            settings,
            given=given,
            connection=connection,
            redirect_uri=listener.address,
            asker=asker,
            actor=actor,
        )
        _show(begun, open_it=open_it)
        return _heard(settings, begun, asker, listener)


def by_device_code(settings: Settings, connection: Connection, asker: str) -> Candidate:
    """Let a person sign in on another device. Raises AuthorizationError."""
    from seatbeacon.beacon.authorization.device import begin_device, poll_device
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.cli.actor import command_line

    actor = command_line()
    begun = begin_device(settings, given=Given(), connection=connection, asker=asker, actor=actor)
    click.echo(neutral_line(begun.message), err=True)
    candidate = None
    with forgetting(begun.id, asker):
        while candidate is None:
            time.sleep(begun.interval)
            candidate = poll_device(settings, begun.id, asker=asker, actor=actor)
    return candidate


@contextlib.contextmanager
def forgetting(number: str, asker: str) -> Generator[None]:
    """Forget the sign-in where the block is left without its answer, by Ctrl-C above all."""
    from seatbeacon.beacon.authorization.candidates import discard

    try:
        yield
    except BaseException:
        discard(number, asker=asker)
        raise


def _show(begun: Begun, *, open_it: bool) -> None:
    click.echo("Sign in at this address:\n", err=True)
    click.echo(f"{begun.url}\n", err=True)
    # A browser in the terminal itself would take it over, and cannot show these pages.
    graphical = sys.platform in {"win32", "darwin"} or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    if open_it and graphical:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(begun.url)


def _pasted(settings: Settings, begun: Begun, asker: str) -> Candidate:
    from seatbeacon.beacon.authorization.finish import finish
    from seatbeacon.beacon.authorization.status import authorization_status
    from seatbeacon.beacon.errors import AuthorizationError
    from seatbeacon.cli.actor import command_line

    click.echo("It ends on a blank page. Copy that page's whole address and paste it here.", err=True)
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - without it a terminal cuts a line at 1,024 or 4,096 characters
    with forgetting(begun.id, asker):
        while True:
            text = click.prompt("Address", err=True, default="", show_default=False)
            try:
                return finish(settings, text, asker=asker, actor=command_line(), id=begun.id)
            except AuthorizationError as error:
                still_open = authorization_status(begun.id, asker=asker).state == "waiting"
                if not still_open or not sys.stdin.isatty():
                    raise
                click.echo(neutral_line(str(error)), err=True)


def _heard(settings: Settings, begun: Begun, asker: str, listener: Listener) -> Candidate:
    from seatbeacon.beacon.authorization.finish import finish
    from seatbeacon.beacon.authorization.status import authorization_status
    from seatbeacon.beacon.errors import AuthorizationError, AuthorizationKind
    from seatbeacon.cli.actor import command_line

    click.echo(f"Waiting for the answer at {listener.address} … (Ctrl-C stops)", err=True)
    with forgetting(begun.id, asker):
        while datetime.now(UTC) < begun.expires_at:
            heard = listener.wait(1.0)
            if heard is None:
                continue
            try:
                candidate = finish(settings, heard.address, asker=asker, actor=command_line(), id=begun.id)
            except AuthorizationError as error:
                heard.reply("Not signed in", str(error))
                if authorization_status(begun.id, asker=asker).state != "waiting":
                    raise
            else:
                heard.reply("Signed in", "You can close this window and go back to the command line.")
                return candidate
        problem = "Nobody signed in within 15 minutes."
        raise AuthorizationError(AuthorizationKind.EXPIRED, problem, "Run the command again.")
