"""`seatbeacon simulate`: a simulated tenant to connect to."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import signal
import threading
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.lazy import Command
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from seatbeacon.simulator.server import Simulator

PORT = 8400
USERS = click.IntRange(1, 2_000_000)


@click.command(cls=Command)
@click.option("--users", type=USERS, default=2000, show_default=True, help="How many users it has.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_533),
    default=PORT,
    show_default=True,
    help="Sign-in at this port, Graph and downloads at the two above it; 0 takes any free ones.",
)
@click.option(
    "--latency-ms", type=click.FloatRange(min=0), default=0.0, help="Milliseconds before each answer."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    help="What goes wrong, such as 429:path=/users,at=3,retry_after=2. Repeatable.",
)
@click.option(
    "--day", type=click.IntRange(min=0), default=0, help="Days that have passed: people join and leave."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed is another tenant.")
@click.option("--concealed", is_flag=True, help="Conceal the names in usage reports.")
def simulate(
    *,
    users: int,
    port: int,
    latency_ms: float,
    faults: tuple[str, ...],
    day: int,
    seed: int,
    concealed: bool,
) -> None:
    """Run a simulated Microsoft tenant on this machine until Ctrl-C.

    It prints its addresses, and the commands that add connections to it. At the end it tells what its callers
    did that they must not.
    """
    from seatbeacon.simulator.faults import parse_fault
    from seatbeacon.simulator.options import TenantOptions
    from seatbeacon.simulator.server import Simulator

    try:
        planned = [parse_fault(text) for text in faults]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fault") from None
    options = TenantOptions(users=users, seed=seed, day=day, concealed=concealed)
    try:
        simulator = Simulator(options, port=port, latency_ms=latency_ms, faults=planned)
    except OSError as error:
        message = f"The ports from {port} on cannot be used ({error.strerror}). Choose others with --port"
        raise click.ClickException(message) from None
    ended = _end_by_signal()
    with simulator:
        click.echo(describe(simulator))
        ended.wait()
    _tell_violations(simulator)


def describe(simulator: Simulator) -> str:
    """The tenant's addresses, and the commands that add a connection to it, one for each flow."""
    secret, token = simulator.client_secret, simulator.issue_refresh_token()
    limited = simulator.issue_refresh_token("cloud-admin")
    endpoints = f"--token-endpoint {simulator.token_endpoint} --graph-root {simulator.graph_root}"
    return f"""\
A simulated tenant of {simulator.options.users:,} users. Ctrl-C ends it.

Tenant id               {simulator.tenant.id}
Token endpoint          {simulator.token_endpoint}
Authorization endpoint  {simulator.authorization_endpoint}
Redirect URI            {simulator.redirect_uri}
Graph root              {simulator.graph_root}
Multi-tenant app        {simulator.multi_tenant_client_id}
Its own app             {simulator.own_client_id}
Secret of its own app   {secret}
Control                 {simulator.login_root}/_simulator/state

There is one connection per tenant: add one of these.

As an administrator who may read reports:
  printf %s '{token}' | seatbeacon connection add Simulated {endpoints} --refresh-token-file -

As an administrator who may not (users and licenses come, usage is denied):
  printf %s '{limited}' | seatbeacon connection add Limited {endpoints} --refresh-token-file -

As an app of your own:
  printf %s '{secret}' | seatbeacon connection add App {endpoints} --flow client-credentials \
--client-id {simulator.own_client_id} --tenant-id {simulator.tenant.id} --client-secret-file -
"""


def _end_by_signal() -> threading.Event:
    """Set once Ctrl-C, or the signal that ends a service, comes."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    return ended


def _tell_violations(simulator: Simulator) -> None:
    requests = f"{simulator.journal.requests:,} requests"
    if not simulator.violations:
        click.echo(f"{requests}, and nothing that a caller must not do.")
        return
    click.echo(f"{requests}, and {len(simulator.violations):,} times what a caller must not do:")
    for violation in simulator.violations:
        click.echo(f"  {neutral_line(violation)}")
