"""`seatbeacon connection test`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import click

from seatbeacon.cli.lazy import Command
from seatbeacon.cli.output.rows import format_option, print_rows

_COLUMNS = {
    "dataset": "Dataset",
    "result": "Result",
    "seconds": "Seconds",
    "permission": "Permission",
    "role": "Role",
    "told": "What is missing, and what to do",
}


@click.command(cls=Command)
@click.argument("name")
@format_option("table", "json")
def test(name: str, format_: str) -> int:
    """Try the connection NAME: sign in, and read the first page of every dataset. Nothing is imported.

    Exit status: 0 everything passed, 3 something an import would lack, 1 no import is possible.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.probing import PASSED, probe_connection
    from seatbeacon.beacon.connections.services import find_connection
    from seatbeacon.cli.actor import command_line
    from seatbeacon.cli.stopping import stoppable
    from seatbeacon.graph.errors import Cancelled

    connection = find_connection(name)
    try:
        with stoppable() as stop:
            probes = probe_connection(settings, connection, actor=command_line(), check_cancelled=stop.check)
    except Cancelled:
        raise KeyboardInterrupt from None
    rows = [
        (
            probe.dataset,
            probe.result,
            round(probe.seconds, 2),
            probe.permission,
            probe.role,
            " ".join(part for part in (probe.problem, probe.remedy) if part) or None,
        )
        for probe in probes
    ]
    print_rows(format_, tuple(_COLUMNS), rows, tuple(_COLUMNS.values()))
    lacking = [probe for probe in probes if probe.is_problem]
    if any(probe.required and probe.result != PASSED for probe in probes):
        click.echo(f"“{connection.name}” cannot import: what it needs most is missing.", err=True)
        return 1
    if lacking:
        names = ", ".join(probe.dataset for probe in lacking)
        click.echo(f"“{connection.name}” can import, but without: {names}", err=True)
        return 3
    click.echo(
        f'“{connection.name}” works. Import it with: seatbeacon import run "{connection.name}"', err=True
    )
    return 0
