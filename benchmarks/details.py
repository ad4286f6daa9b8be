"""The overview and the pages of one thing, whole; and what they and the history ask, of a million users.

The inventory has a year of history (see `big_inventory`). *first* is an answer that was not kept, on a warm
process; *again* is the same one asked once more, of a version that never changes. Milliseconds of wall time.
Pages are asked of Django's test client: from the request to the last byte of HTML.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.big_inventory import NOW
from benchmarks.served import home, signed_in
from seatbeacon.inventory import query
from seatbeacon.inventory.changes.between import (
    changed_assignments,
    changed_users,
    changes_between,
    moved_products,
)
from seatbeacon.inventory.details.application import application_use
from seatbeacon.inventory.details.person import person
from seatbeacon.inventory.overview.summary import overview, renewals, trend
from seatbeacon.inventory.remembered import forget_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

USERS = 50
SPANS = (1, 7, 30, 90, 364)
IN_MARCH = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
YEAR = (NOW - timedelta(days=365)).date()


def run() -> None:
    """Print a line for each page and each question: how often it was asked, median, what 95 of 100 are below,
    worst, and the same asked again."""
    with home() as file:
        client = signed_in(file)
        ids = [row[0] for row in query.run(file, "users", columns=["id"], sort=["mail"], limit=USERS).rows]
        skus = [row[0] for row in query.run(file, "licenses", columns=["sku_id"], limit=10).rows]
        rows = list(query.run(file, "applications", columns=["id", "application", "kind"], limit=200).rows)
        enterprise = [key for key, _, kind in rows if kind == "enterprise application"][:10]
        others = [(str(key), str(name)) for key, name, kind in rows if kind != "enterprise application"]
        print(f"  {'asked':28} {'times':>5} {'p50 ms':>8} {'p95 ms':>8} {'worst ms':>8} {'again ms':>8}")
        _pages(client, "page: overview", ["/"])
        _pages(client, "page: one user", [f"/users/{one}/" for one in ids])
        _pages(client, "page: one license", [f"/licenses/{one}/" for one in skus])
        _pages(client, "page: one application", [f"/applications/{one}/" for one, _ in others])
        _pages(client, "page: enterprise application", [f"/applications/{one}/" for one in enterprise])
        _pages(client, "page: history", ["/history/"])
        _questions(file, ids, skus, [name for _, name in others])


def _pages(client: Client, what: str, addresses: list[str]) -> None:
    def ask(address: str) -> None:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address

    ask("/licenses/")  # opens the version, and what a process does once
    ask(addresses[0])
    _line(what, [partial(ask, address) for address in addresses])


def _questions(file: Path, ids: list[Any], skus: list[Any], applications: list[str]) -> None:
    _line("overview", [lambda: _overview(file)])
    _line("one user", [lambda i=i: person(file, i) for i in ids])  # type: ignore[misc]
    _line("one user as of March", [lambda i=i: person(file, i, IN_MARCH) for i in ids])  # type: ignore[misc]
    _line("trend of a license", [lambda s=s: trend(file, s, YEAR) for s in skus])  # type: ignore[misc]
    _line("use of an application", [lambda a=a: application_use(file, a) for a in applications])  # type: ignore[misc]
    for days in SPANS:
        since = NOW - timedelta(days=days)
        _line(f"products of {days} days", [lambda s=since: moved_products(file, s, NOW)])  # type: ignore[misc]
        _line(f"changes of {days} days", [lambda s=since: changes_between(file, s, NOW)])  # type: ignore[misc]
        _line(
            f"rows of {days} days",
            [
                lambda s=since: changed_users(file, s, NOW, "changed", limit=50),  # type: ignore[misc]
                lambda s=since: changed_assignments(file, s, NOW, "gained", limit=50),  # type: ignore[misc]
            ],
        )


def _overview(file: Path) -> None:
    overview(file, YEAR)
    renewals(file, date(2026, 7, 31))


def _line(what: str, asked: list[Callable[[], object]]) -> None:
    for kept in (overview, trend, application_use):
        kept.cache_clear()
    forget_all()
    first = [_taken(ask) for ask in asked]
    again = [_taken(ask) for ask in asked]
    p95 = sorted(first)[min(len(first) - 1, int(len(first) * 0.95))]
    told = f"{statistics.median(first):8.1f} {p95:8.1f} {max(first):8.1f} {statistics.median(again):8.1f}"
    print(f"  {what:28} {len(asked):5} {told}", flush=True)


def _taken(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000
