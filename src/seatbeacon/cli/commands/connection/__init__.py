"""`seatbeacon connection`: how each tenant is reached."""

from __future__ import annotations

import click

from seatbeacon.cli.lazy import Group

_HERE = "seatbeacon.cli.commands.connection"


@click.group(
    cls=Group,
    lazy={
        "add": f"{_HERE}.change:add",
        "list": f"{_HERE}.look:list_",
        "show": f"{_HERE}.look:show",
        "edit": f"{_HERE}.change:edit",
        "delete": f"{_HERE}.change:delete",
        "authorize": f"{_HERE}.authorize:authorize",
        "test": f"{_HERE}.probe:test",
        "schedule": f"{_HERE}.schedule:schedule",
        "enable": f"{_HERE}.change:enable",
        "disable": f"{_HERE}.change:disable",
        "guide": f"{_HERE}.guide:guide",
        "presets": f"{_HERE}.guide:presets",
    },
)
def connection() -> None:
    """Connections: how each tenant is reached, read-only."""
