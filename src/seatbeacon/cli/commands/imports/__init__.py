"""`seatbeacon import`: import runs."""

from __future__ import annotations

import click

from seatbeacon.cli.lazy import Group

_HERE = "seatbeacon.cli.commands.imports"


@click.group(
    "import",
    cls=Group,
    lazy={
        "run": f"{_HERE}.run:run",
        "list": f"{_HERE}.look:list_",
        "show": f"{_HERE}.look:show",
        "cancel": f"{_HERE}.decide:cancel",
        "publish": f"{_HERE}.decide:publish",
        "discard": f"{_HERE}.decide:discard",
        "versions": f"{_HERE}.versions:versions",
        "go-back": f"{_HERE}.versions:go_back",
    },
)
def imports() -> None:
    """Import runs: start one, look at them, cancel one, decide about held ones, go back to a version."""
