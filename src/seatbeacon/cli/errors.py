"""An error in one line for a person."""

from __future__ import annotations

from seatbeacon.beacon.explain import explain
from seatbeacon.inventory.neutral import neutral_line


def told(error: Exception) -> str:
    """What happened and what to do, in one line without control characters."""
    explained = explain(error)
    line = f"{explained.problem} {explained.remedy}".strip()
    if not explained.foreseen:
        line += " Run the command again with --debug to see where."
    return neutral_line(line)
