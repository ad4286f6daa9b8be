"""`seatbeacon demo`: a simulated tenant, a connection to it, an import, what it brought, and the pages."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.commands.simulate import USERS
from seatbeacon.cli.lazy import Command

if TYPE_CHECKING:
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator

NAME = "Demo"
ROWS = 10
HOST = "127.0.0.1"
PORTS_TRIED = 100


@click.command(cls=Command)
@click.option(
    "--users", type=USERS, default=2000, show_default=True, help="How many users the tenant has on its day 0."
)
@click.option(
    "--day",
    type=click.IntRange(min=0),
    help="Days that have passed in the tenant; as many as in the calendar by default.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=8365,
    show_default=True,
    help="Port of the pages; the next free one where it is taken.",
)
@click.option(
    "--serve/--no-serve",
    default=None,
    help="Go on to serve the pages until Ctrl-C, or not; in a terminal it does.",
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Home folder of the demo; seatbeacon-demo beside the usual one by default.",
)
def demo(*, users: int, day: int | None, port: int, serve: bool | None, home: Path | None) -> int:
    """Import a simulated tenant, show what it holds, and serve the pages. Nothing of yours is touched."""
    from seatbeacon.simulator.options import TenantOptions
    from seatbeacon.simulator.population.dice import days_until_today
    from seatbeacon.simulator.server import Simulator

    home = _settle_in(home)
    serving = sys.stdout.isatty() if serve is None else serve
    if serving:
        # The pages' settings hold the beacon's as well, and Django takes settings once.
        from seatbeacon.web.start import start

        start()
    # The beacon judges by the calendar: a tenant whose reports ended months ago would look stale.
    options = TenantOptions(users=users, day=days_until_today() if day is None else day)
    click.echo(
        f"1. A simulated Microsoft tenant: {users:,} users, and {options.day:,} days since then", err=True
    )
    with Simulator(options) as simulator:
        status = _import(simulator)
        if status not in {0, 3}:
            return status
        for name in ("users", "licenses", "assignments", "applications", "usage"):
            _show(name)
        _say_how_to_go_on(home, serving=serving)
        return _serve(port) if serving else status


def _settle_in(home: Path | None) -> Path:
    """Make this process live in the demo's own home, whatever the environment says of another."""
    from seatbeacon.beacon.settings.values import data_folder

    home = (home or data_folder().with_name("seatbeacon-demo")).expanduser().absolute()
    for name in ("DATABASE_URL", "SEATBEACON_INVENTORY", "SEATBEACON_SECRET_KEYS", "SEATBEACON_CA_FILE"):
        os.environ.pop(name, None)
    # The demo may be run again with fewer users: that many leavers are no accident here.
    os.environ.update(SEATBEACON_HOME=str(home), SEATBEACON_HOLD_SHARE="1")
    return home


def _import(simulator: Simulator) -> int:
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.execute import run_import
    from seatbeacon.beacon.models import Trigger
    from seatbeacon.cli.ending import told_ending

    connection = _connection(settings, simulator)
    click.echo(f"2. The connection “{connection.name}” to it, signed in as an administrator would", err=True)
    click.echo("3. An import", err=True)
    return told_ending(
        lambda observer, check: run_import(
            settings, connection, Trigger.CLI, observer=observer, check_cancelled=check
        )
    )


def _connection(settings: Settings, simulator: Simulator) -> Connection:
    """The demo's connection, new; one of an earlier demo goes."""
    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.connections.services import GivenSecrets, add_connection, delete_connection
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.runs.recovery import interrupt_dead_runs
    from seatbeacon.beacon.secrets.keys import load_key_ring
    from seatbeacon.graph.secret import Secret

    interrupt_dead_runs(settings)
    earlier = Connection.objects.filter(name__iexact=NAME).first()
    if earlier is not None:
        if not earlier.graph_root.startswith("http://127.0.0.1:"):
            message = f"The connection “{earlier.name}” in {settings.home} is no demo. Choose another --home"
            raise click.ClickException(message)
        delete_connection(earlier)
    given = Given(
        token_endpoint=simulator.token_endpoint,
        authorization_endpoint=simulator.authorization_endpoint,
        redirect_uri=simulator.redirect_uri,
        graph_root=simulator.graph_root,
    )
    # What Generate… brings back once an administrator has signed in and consented.
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    return add_connection(load_key_ring(settings), NAME, given, secrets)


def _show(name: str) -> None:
    from seatbeacon.cli.commands.listing import show_listing

    click.echo(f"\n{name.capitalize()}")
    show_listing(name, limit=ROWS)


def _serve(port: int) -> int:
    """Serve the pages until Ctrl-C, at `port` or the next free one above it."""
    from seatbeacon.web.serve import CannotListen, free_port, serve

    for candidate in range(port, min(port + PORTS_TRIED, 65_536)):
        try:
            free_port(HOST, candidate)
        except CannotListen:
            continue
        click.echo("4. The pages, with the simulated tenant behind them. Ctrl-C ends both.", err=True)
        return serve(HOST, candidate)
    message = f"All ports from {port} to {port + PORTS_TRIED - 1} are taken. Choose another with --port"
    raise click.ClickException(message)


def _say_how_to_go_on(home: Path, *, serving: bool) -> None:
    program = "seatbeacon" if shutil.which("seatbeacon") else sys.argv[0]
    here = f"SEATBEACON_HOME={shlex.quote(str(home))} {shlex.quote(program)}"
    click.echo(f"""
That was the first {ROWS} of each listing. See more of it:

  {here} list users --filter department=Sales --sort -last_activity_date
  {here} list licenses --columns sku_part_number,purchased,assigned,never_active
  {here} list assignments --search ENTERPRISE --format csv
  {here} list usage --filter application=Teams --format json
  {here} import list
""")
    if not serving:
        demo_home = shlex.quote(str(home))
        click.echo(f"""\
See it in the browser, with the simulated tenant behind it (or without it: {here} serve):

  {shlex.quote(program)} demo --serve --home {demo_home}
""")
