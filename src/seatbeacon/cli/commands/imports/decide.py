"""`seatbeacon import publish|discard`: what becomes of a held run."""

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

    publish_held(settings, find_run(run))
    click.echo(f"Published import run {run}.")


@click.command(cls=Command)
@click.argument("run", type=click.IntRange(min=1))
def discard(run: int) -> None:
    """Discard what the held import run RUN brought; what was published before stays."""
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.held import discard_held, find_run

    discard_held(settings, find_run(run))
    click.echo(f"Discarded import run {run}.")
