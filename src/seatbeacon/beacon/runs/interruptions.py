"""Why a run stops before it is done, where that is neither a fault nor somebody's wish to cancel it."""

from __future__ import annotations

from seatbeacon.graph.errors import Cancelled


class HandedOver(Cancelled):
    """The process was asked to end: the next worker goes on with the run."""


class LeaseLost(Cancelled):
    """This process was silent for so long that the run was given to another one: nothing of it may be
    changed."""
