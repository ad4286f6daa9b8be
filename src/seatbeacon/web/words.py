"""How states and lengths of time are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True)
class Look:
    """How a state is shown: one of Tabler's colours, and an icon."""

    colour: str
    icon: str


STATES = {
    "queued": Look("secondary", "clock"),
    "running": Look("blue", "loader-2"),
    "succeeded": Look("green", "circle-check"),
    "succeeded with problems": Look("yellow", "alert-triangle"),
    "failed": Look("red", "alert-circle"),
    "cancelled": Look("secondary", "ban"),
    "interrupted": Look("orange", "player-pause"),
    "held": Look("orange", "hand-stop"),
}
"""The states of an import run."""

TURNS = {
    "waiting": Look("secondary", "clock"),
    "skipped": Look("secondary", "ban"),
    "started": Look("secondary", "circle-dashed"),
}
"""The states of a connection's turn on its schedule, before, without or after its run."""

OUTCOMES = {
    "collected": Look("green", "circle-check"),
    "denied": Look("red", "lock"),
    "unavailable": Look("secondary", "ban"),
    "concealed": Look("yellow", "eye-off"),
    "failed": Look("red", "alert-circle"),
}
"""The outcomes of a dataset."""


HEADLINES = {
    "users": "Users",
    "licenses": "Products",
    "purchased": "Licenses purchased",
    "assigned": "Licenses assigned",
    "assignments": "Assignments",
}
"""The measures of a version that tiles show, in this order, where it has them."""


def state_words(value: str) -> str:
    """A state or outcome with a capital letter."""
    return value[:1].upper() + value[1:]


def long_duration(length: timedelta) -> str:
    """Such as “0.4 s”, “42 s”, “3 min 20 s”, “2 h 5 min”, “3 d 4 h”."""
    seconds = max(0.0, length.total_seconds())
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    if whole < DAY:
        return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"
    return f"{whole // DAY} d {whole % DAY // HOUR} h"
