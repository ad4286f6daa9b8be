"""`seatbeacon worker`."""

from __future__ import annotations

import click

from seatbeacon.cli.lazy import Command


@click.command(cls=Command)
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input closes.")
def worker(*, with_parent: bool) -> None:
    """Run imports that were queued. `seatbeacon serve` has a worker of its own; this is one more."""
    from seatbeacon.beacon.start import start  # noqa: PLC0415 - imports stay lazy

    settings = start()
    from logging.config import dictConfig  # noqa: PLC0415 - imports stay lazy

    from seatbeacon.beacon.logs.lines import logging_settings  # noqa: PLC0415 - imports stay lazy
    from seatbeacon.beacon.worker.run import run_worker  # noqa: PLC0415 - needs Django set up

    dictConfig(logging_settings(settings))
    run_worker(settings, with_parent=with_parent)
