"""`seatbeacon serve`."""

from __future__ import annotations

import click

from seatbeacon.cli.lazy import Command


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8365, show_default=True, help="0: any free one."
)
@click.option("--no-worker", is_flag=True, help="Serve pages only; imports then need `seatbeacon worker`.")
def serve(*, host: str, port: int, no_worker: bool) -> int:
    """Serve the pages, with a worker for imports. The first start prints a link for the first account."""
    from seatbeacon.web.serve import serve as run  # noqa: PLC0415 - imports stay lazy

    return run(host, port, worker=not no_worker)
