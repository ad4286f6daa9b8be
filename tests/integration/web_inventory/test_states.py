"""What a list tells before, beside and instead of its rows: nothing imported, several tenants, bad data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.models import InventoryVersion, Tenant
from seatbeacon.inventory.describe import DatasetState, Description
from seatbeacon.inventory.engine import reading
from seatbeacon.web.pages.inventory.notices import dataset_notices

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
USED = ("activeUsers", "appUsageD*")


def state(dataset: str, outcome: str = "collected", **fields: Any) -> DatasetState:
    empty = DatasetState(dataset, outcome, NOW, NOW, None, 1, None, None, None, None, None)
    return replace(empty, **fields)


def described(*states: DatasetState, imported_at: datetime = NOW) -> Description:
    return Description("t", "Contoso", imported_at, 1, {}, states)


def test_before_the_first_import_a_list_says_what_to_do(viewer: Client, see: Any) -> None:
    InventoryVersion.objects.all().delete()
    page = see(viewer, "/users/")
    assert "Nothing is imported yet" in page.words
    assert "/inventory-systems/" in page.text


def test_of_several_tenants_the_address_names_one(viewer: Client, see: Any, second_tenant: Tenant) -> None:
    names = sorted(Tenant.objects.values_list("display_name", "pk"))
    assert viewer.get("/users/?q=a")["Location"] == f"/users/?tenant={names[0][1]}&q=a"
    page = see(viewer, f"/users/?tenant={names[1][1]}")
    assert f'<option value="{names[1][1]}" selected>' in page.text
    assert "<i>Fabrikam</i>" not in page.text
    # Every number keeps to its tenant.
    licenses = see(viewer, f"/licenses/?tenant={names[1][1]}")
    assert f"/inventory/holders/?tenant={names[1][1]}&amp;f=sku_id=" in licenses.text


def test_a_tenant_that_is_not_there_is_told_with_those_that_are(viewer: Client, see: Any) -> None:
    page = see(viewer, "/users/?tenant=nothing")
    assert "There is no inventory of a tenant “nothing”" in page.words
    assert page.links("Contoso")


def test_a_version_that_is_gone_is_told_and_no_fault(viewer: Client, see: Any) -> None:
    InventoryVersion.objects.update(file="gone/v000009.duckdb")
    assert "does not exist. Import again" in see(viewer, "/users/").words


def test_what_needs_too_much_memory_is_told_and_no_fault(viewer: Client, see: Any, inventory: Path) -> None:
    with reading(inventory) as connection:
        connection.execute("SET memory_limit = '1MB'")
    try:
        page = see(viewer, "/inventory/holders/?group=sources&f=department!=nothing")
        assert "needs more memory than reading may take" in page.words
    finally:
        with reading(inventory) as connection:
            connection.execute("SET memory_limit = '512MB'")


def test_a_part_of_the_page_is_the_list_alone(viewer: Client) -> None:
    part = viewer.get("/users/?q=a", headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<div id="listing"')
    assert '<nav class="sb-side-inner"' not in part
    InventoryVersion.objects.update(file="gone/v000009.duckdb")
    answer = viewer.get("/users/?q=a", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == "/users/?q=a"


def test_datasets_that_ended_alike_stand_in_one_notice() -> None:
    denied = {"permission": "Reports.Read.All", "remedy": "Grant it.", "collected_at": None}
    found = dataset_notices(
        described(
            state("activeUsers", "denied", **denied),
            state("appUsageD7", "denied", **denied),
            state("appUsageD30", "denied", **denied),
            state("mailboxUsage", "failed"),
        ),
        USED,
        NOW,
    )
    assert [(one.kind, one.datasets, one.remedy) for one in found] == [
        ("warning", ("active users", "app usage"), "Grant it.")
    ]


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        ("concealed", "Names are concealed in the usage reports"),
        ("unavailable", "Not every part of this page is available"),
        ("failed", "A part of the last import failed"),
    ],
)
def test_a_dataset_that_is_missing_is_told_with_the_day_of_what_is_shown(outcome: str, title: str) -> None:
    earlier = NOW - timedelta(days=9)
    (found,) = dataset_notices(described(state("activeUsers", outcome, collected_at=earlier)), USED, NOW)
    assert (found.title, found.since) == (title, earlier)


def test_data_that_is_stale_is_told_and_fresh_data_is_not() -> None:
    assert dataset_notices(described(state("activeUsers")), USED, NOW) == []
    (stale,) = dataset_notices(
        described(state("activeUsers", collected_at=NOW - timedelta(days=4))), USED, NOW
    )
    assert stale.title == "Some of this is older than the last import"
    (old,) = dataset_notices(described(imported_at=NOW), USED, NOW + timedelta(days=8))
    assert old.title == "The last import is more than a week old"
