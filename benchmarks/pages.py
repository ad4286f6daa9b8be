"""Every list page of a tenant of a million users, whole: from the request to the last byte of HTML.

Django's test client asks, so no network is in it; the rest of the server is. Pages are asked once each on a
warm process (see `listings` for the queries behind them).
"""

from __future__ import annotations

# ruff: noqa: PLC0415 - Django takes its settings from the environment once, when it is first imported
import os
import tempfile
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from benchmarks.big_inventory import big_inventory

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

TENANT = "11111111-0000-4000-8000-000000000000"
_SEARCH = "number77"


def run() -> None:
    """Print how long pages take, and how heavy they are."""
    file = big_inventory()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"SEATBEACON_HOME": home, "SEATBEACON_INVENTORY": str(file.parent)}
        os.environ["DJANGO_SETTINGS_MODULE"] = "seatbeacon.web.django_settings"
        measure(_signed_in(file))


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


def _signed_in(file: Path) -> Client:
    """The client of somebody who may look, in a home whose one tenant has `file` as its inventory."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState, Tenant, Trigger
    from seatbeacon.beacon.settings import load_settings
    from seatbeacon.web.accounts.models import User
    from seatbeacon.web.start import prepare_tables

    settings.ALLOWED_HOSTS.append("testserver")
    prepare_tables(load_settings())
    now = datetime.now(UTC)
    tenant = Tenant.objects.create(id=TENANT, display_name="Million", created_at=now)
    run = ImportRun.objects.create(trigger=Trigger.CLI, state=RunState.SUCCEEDED, queued_at=now)
    InventoryVersion.objects.create(
        tenant=tenant, run=run, file=file.name, created_at=now, published_at=now, current=True
    )
    client = Client()
    person = User.objects.create(email="ada@contoso.example", name="Ada")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
