"""`seatbeacon import publish|discard|cancel`: what becomes of a run."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import click

from seatbeacon.cli.lazy import Command


@click.command(cls=Command)
@click.argument("run", type=click.IntRange(min=1))
def publish(run: int) -> None:
    """Publish what the held import run RUN brought, though it removes many users."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.held import find_run, publish_held
    from seatbeacon.cli.actor import command_line

    publish_held(settings, find_run(run), actor=command_line())
    click.echo(f"Published import run {run}.")


@click.command(cls=Command)
@click.argument("run", type=click.IntRange(min=1))
def cancel(run: int) -> None:
    """Cancel the import run RUN: at once while it is queued, at its next page while it runs."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.held import find_run
    from seatbeacon.beacon.models import RunState
    from seatbeacon.beacon.runs.cancel import request_cancel
    from seatbeacon.beacon.runs.recovery import interrupt_dead_runs
    from seatbeacon.cli.actor import command_line

    interrupt_dead_runs(settings)
    found = find_run(run)
    request_cancel(found, actor=command_line())
    ended = found.state == RunState.CANCELLED
    click.echo(f"Cancelled import run {run}." if ended else f"Import run {run} stops at its next page.")


@click.command(cls=Command)
@click.argument("run", type=click.IntRange(min=1))
def discard(run: int) -> None:
    """Discard what the held import run RUN brought; what was published before stays."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.held import discard_held, find_run
    from seatbeacon.cli.actor import command_line

    discard_held(settings, find_run(run), actor=command_line())
    click.echo(f"Discarded import run {run}.")
