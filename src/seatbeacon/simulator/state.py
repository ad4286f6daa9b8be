"""What may change while a simulator runs: the day, and whether names are concealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatbeacon.simulator.tenant import Tenant


@dataclass
class State:
    """The tenant and its present moment."""

    tenant: Tenant
    day: int
    concealed: bool
