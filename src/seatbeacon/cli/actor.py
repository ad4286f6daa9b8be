"""Who runs a command, for the audit log."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatbeacon.beacon.audit import Actor


def command_line() -> Actor:
    """The account of this machine that runs the command."""
    from seatbeacon.beacon.audit import COMMAND_LINE, Actor  # noqa: PLC0415 - needs Django set up

    try:
        return Actor(f"{getpass.getuser()} (command line)")
    except (OSError, KeyError):
        return COMMAND_LINE
