"""Every list page of a tenant of a million users, whole: from the request to the last byte of HTML.

Django's test client asks, so no network is in it; the rest of the server is. Pages are asked once each on a
warm process (see `listings` for the queries behind them).
"""

from __future__ import annotations

# ruff: noqa: PLC0415 - Django takes its settings from the environment once, when it is first imported
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.served import home, signed_in

if TYPE_CHECKING:
    from django.test import Client

_SEARCH = "number77"


def run() -> None:
    """Print how long pages take, and how heavy they are."""
    with home() as file:
        measure(signed_in(file))


def measure(client: Client) -> None:
    """Ask each list in its own order, by each of its columns, searched, and grouped."""
    from benchmarks.listings import Times
    from seatbeacon.inventory.listings import LISTINGS
    from seatbeacon.web.pages.inventory.sight import list_address

    print(f"  {'list pages of 50':24} {'asked':>4} {'p50 ms':>8} {'p95 ms':>8} {'worst ms':>8}")
    every, heaviest = Times(), 0
    for name, listing in LISTINGS.items():
        here = list_address(name)
        client.get(here)
        times = Times()
        queries = [f"sort={sign}{column.key}" for column in listing.columns for sign in ("", "-")]
        queries += [
            f"q={_SEARCH}",
            *(f"group={column.key}" for column in listing.columns if column.groupable),
        ]
        weights: list[int] = []
        for query in queries:
            times.measure(query, partial(_ask, client, f"{here}?{query}", weights))
        heaviest = max(heaviest, *weights)
        print(times.line(name), flush=True)
        every.taken += times.taken
    print(every.line("all"))
    print(f"  heaviest page: {heaviest / 1000:,.0f} kB of HTML")


def _ask(client: Client, address: str, weights: list[int]) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, address
    weights.append(len(answer.content))
