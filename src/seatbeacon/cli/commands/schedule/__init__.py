"""`seatbeacon schedule`: when connections import by themselves."""

from __future__ import annotations

import click

from seatbeacon.cli.lazy import Group

_HERE = "seatbeacon.cli.commands.schedule"


@click.group(
    cls=Group,
    lazy={
        "add": f"{_HERE}.change:add",
        "list": f"{_HERE}.look:list_",
        "show": f"{_HERE}.look:show",
        "edit": f"{_HERE}.change:edit",
        "delete": f"{_HERE}.change:delete",
        "pause": f"{_HERE}.change:pause",
        "resume": f"{_HERE}.change:resume",
        "run": f"{_HERE}.run:run",
    },
)
def schedule() -> None:
    """Schedules: when connections import by themselves. One schedule serves many connections.

    Hang a connection on one with `seatbeacon connection schedule`.
    """
