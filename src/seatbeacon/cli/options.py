"""Options and arguments that several commands have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from collections.abc import Callable

TENANT = click.option("--tenant", metavar="TENANT", help="The tenant's id or name, where there are several.")


def found_of(what: str, text: str | None, find: Callable[[str], Any]) -> Any:
    """What a text of the command line names; None where none was given. Raises ClickException."""
    if not text:
        return None
    found = find(text)
    if found is None:
        raise click.ClickException(
            neutral_line(f"No {what} is called {text!r}, or several are. Give its id.")
        )
    return found
