"""Listings as a person gets them, held row for row against what the simulated tenant knows of itself."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from tests.faults.command import command

from seatbeacon.simulator.truth import truth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.simulator.tenant import Tenant

NAMES = ("users", "licenses", "assignments", "applications", "usage")
Rows = list[dict[str, Any]]


def listed() -> dict[str, Rows]:
    """Every listing: `seatbeacon list NAME --format json` in the home that is lived in."""
    return {name: _listing(name) for name in NAMES}


def _listing(name: str) -> Rows:
    done = command("list", name, "--format", "json")
    assert done.status == 0, done.err
    return [msgspec.json.decode(line) for line in done.out.splitlines()]


def differences(found: dict[str, Rows], expected: dict[str, Rows]) -> list[str]:
    """What differs between two sets of listings, in the columns that `expected` has; empty where nothing."""
    told: list[str] = []
    for name, rows in expected.items():
        columns = sorted({column for row in rows for column in row})
        theirs = {_line(row, columns) for row in rows}
        ours = {_line(row, columns) for row in found[name]}
        if len(rows) != len(found[name]):
            told.append(f"{name}: {len(found[name])} rows instead of {len(rows)}")
        told += [f"{name}: missing {line}" for line in sorted(theirs - ours)[:3]]
        told += [f"{name}: too many {line}" for line in sorted(ours - theirs)[:3]]
    return told


def _line(row: dict[str, Any], columns: Sequence[str]) -> str:
    return msgspec.json.encode({column: row.get(column) for column in columns}).decode()


def true_listings(
    tenant: Tenant, day: int, *, earlier: Sequence[int] = (), usage_known: bool = True
) -> dict[str, Rows]:
    """What every listing must hold on `day`, after imports on the days `earlier`."""
    return _true_listings(tenant, day, tuple(earlier), usage_known)


@lru_cache(maxsize=8)
def _true_listings(tenant: Tenant, day: int, earlier: tuple[int, ...], usage_known: bool) -> dict[str, Rows]:
    rows = asdict(truth(tenant, day, earlier=earlier, usage_known=usage_known))
    return {name: rows[name] for name in NAMES}
