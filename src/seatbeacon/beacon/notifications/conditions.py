"""What needs a person now. Derived from what stands in the control plane, so that nothing is missed.

A condition is told when it begins and again when its state changes; while it lasts unchanged it is not.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q

from seatbeacon.beacon.connections.warnings import all_warnings
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import ACTIVE_STATES, Connection, Event, ImportRun, InventoryVersion, RunState
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.inventory.filters import Filter
from seatbeacon.inventory.query import run as query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings

TOLD_STATES = {
    RunState.FAILED: Event.FAILED,
    RunState.SUCCEEDED_WITH_PROBLEMS: Event.PROBLEMS,
    RunState.HELD: Event.HELD,
}
WARNED = {"refresh-token": Event.TOKEN, "client-secret": Event.CREDENTIAL, "certificate": Event.CREDENTIAL}
"""By how a warning's kind begins (`connections.warnings`)."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing that needs a person. `key` names it, `state` tells whether it is still as it was told.

    `path` is the page that shows it, below the address of the pages.
    """

    event: Event
    key: str
    state: str
    title: str
    text: str
    path: str
    serious: bool = False


def conditions(settings: Settings, now: datetime) -> list[Condition]:
    """Everything that needs a person as of `now` (aware)."""
    return [*_runs(), *_endings(now), *_seats(settings)]


def _runs() -> Iterator[Condition]:
    """How the newest run of each connection that came to an end ended. Cancelled ones say nothing."""
    over = ~Q(state__in=[*ACTIVE_STATES, RunState.CANCELLED, RunState.INTERRUPTED])
    newest = (
        ImportRun.objects.filter(over, connection__enabled=True)
        .values("connection")
        .annotate(newest=Max("pk"))
        .values_list("newest", flat=True)
    )
    for run in ImportRun.objects.filter(pk__in=list(newest), state__in=list(TOLD_STATES)):
        state = RunState(run.state)
        yield Condition(
            event=TOLD_STATES[state],
            key=f"run:{run.connection_id}",
            # Another run that is held is another decision; one that fails as the last did is no news.
            state=_digest(state, run.problem, run.pk if state == RunState.HELD else None),
            title=f"{run.connection_name}: the import {_ended(state)}",
            text=f"{run.problem} {run.remedy}".strip(),
            path=f"/imports/{run.pk}/",
            serious=state == RunState.FAILED,
        )


def _ended(state: RunState) -> str:
    return "is held" if state == RunState.HELD else str(state.value)


def _endings(now: datetime) -> Iterator[Condition]:
    names = dict(Connection.objects.filter(enabled=True).values_list("pk", "name"))
    for key, warns in all_warnings(now=now).items():
        for warn in warns:
            event = next((event for start, event in WARNED.items() if warn.kind.startswith(start)), None)
            if key in names and event is not None:
                yield Condition(
                    event=event,
                    key=f"{warn.kind}:{key}",
                    state=_digest(warn.on),
                    title=f"{names[key]}: {warn.text}",
                    text=warn.remedy,
                    path=f"/inventory-systems/{key}/",
                    serious=warn.level == "error",
                )


def _seats(settings: Settings) -> Iterator[Condition]:
    for version in InventoryVersion.objects.filter(current=True).select_related("tenant"):
        path = version_path(settings, version)
        for sku_id, name, purchased, available in short_products(path, settings.last_seats):
            left = "no seat is left" if available <= 0 else f"{available:,} of {purchased:,} seats are left"
            yield Condition(
                event=Event.SEATS,
                key=f"seats:{version.tenant_id}:{sku_id}",
                state="none" if available <= 0 else "few",
                title=f"{version.tenant.display_name}: {left} of {name}",
                text="Buy more, or take back what nobody uses.",
                path=f"/licenses/{sku_id}/?tenant={version.tenant_id}",
            )


@lru_cache(maxsize=1024)
def short_products(version: Path, share: float) -> tuple[tuple[str, str, int, int], ...]:
    """Products for users of which less than `share` of the purchased seats is left: id, name, purchased,
    available. A version never changes, so it is read once; one that cannot be read tells nothing.
    """
    found: list[tuple[str, str, int, int]] = []
    columns = ("sku_id", "product_name", "purchased", "available")
    bought = (
        Filter("purchased", ">", "0"),
        Filter("applies_to", "=", "User"),
        Filter("status", "=", "Enabled"),
    )
    try:
        rows: Any = query(version, "licenses", filters=bought, columns=columns).rows
        found = [row for row in rows if row[3] < row[2] * share]
    except InventoryError:
        return ()
    return tuple(found)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
