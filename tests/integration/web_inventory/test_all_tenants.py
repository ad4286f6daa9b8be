"""The overview of all tenants adds up what is kept of each in brief, and opens no inventory for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.imports.briefs import keep_brief, keep_missing_briefs
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState, Tenant, Trigger, VersionBrief
from seatbeacon.inventory.overview.brief import FORMAT, brief_of, decoded, encoded
from seatbeacon.web.pages.overview.together import READ_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

SHOWN = re.compile(r'<div class="sb-value">([\d\u202f]+)</div><div class="sb-label">Users<')
NOT_YET = "not in these numbers yet"


@pytest.fixture
def another(home: Settings) -> Callable[[int], InventoryVersion]:
    """Makes one more tenant, with the same inventory as the first one, and no brief."""
    first = choose_version(None)

    def make(number: int) -> InventoryVersion:
        now = datetime.now(UTC)
        tenant = Tenant.objects.create(
            id=f"00000000-0000-0000-0000-{number:012}", display_name=f"Tenant {number:03}", created_at=now
        )
        run = ImportRun.objects.create(
            connection_name=tenant.display_name, trigger=Trigger.CLI, state=RunState.SUCCEEDED, queued_at=now
        )
        return InventoryVersion.objects.create(
            tenant=tenant,
            run=run,
            file=first.file,
            created_at=now,
            published_at=now,
            current=True,
            schema=first.schema,
        )

    return make


def users_told(text: str) -> int:
    found = SHOWN.search(text)
    assert found
    return int(found[1].replace("\u202f", ""))


def test_an_import_keeps_its_version_in_brief(home: Settings, inventory: Path) -> None:
    kept = VersionBrief.objects.get(version=choose_version(None))
    assert kept.format == FORMAT
    assert decoded(kept.body) == brief_of(inventory)
    assert encoded(decoded(kept.body)) == kept.body


def test_all_tenants_are_told_without_their_files(
    viewer: Client, see: Any, inventory: Path, another: Callable[[int], InventoryVersion]
) -> None:
    brief = brief_of(inventory)
    for number in range(120):
        version = another(number)
        keep_brief(version, brief)
        InventoryVersion.objects.filter(pk=version.pk).update(file=f"nowhere/{number}.duckdb")
    page = see(viewer, "/")
    assert users_told(page.text) == 121 * brief.users["all"]
    assert "1–50 of 121" in page.text
    assert "Tenant 003" in page.text
    assert "Tenant 119" in see(viewer, "/?sort=-name").text
    assert NOT_YET not in page.text


def test_a_page_reads_a_few_files_itself_and_workers_the_others(
    home: Settings, viewer: Client, see: Any, inventory: Path, another: Callable[[int], InventoryVersion]
) -> None:
    users = brief_of(inventory).users["all"]
    for number in range(READ_AT_ONCE + 2):
        another(number)
    page = see(viewer, "/")
    assert users_told(page.text) == (READ_AT_ONCE + 1) * users
    assert "2 tenants are not in these numbers yet" in page.words
    assert keep_missing_briefs(home) == READ_AT_ONCE + 2
    page = see(viewer, "/")
    assert users_told(page.text) == (READ_AT_ONCE + 3) * users
    assert NOT_YET not in page.text


def test_a_tenant_counts_by_its_newest_version_and_not_when_it_is_gone(
    home: Settings, viewer: Client, see: Any, inventory: Path, another: Callable[[int], InventoryVersion]
) -> None:
    users = brief_of(inventory).users["all"]
    gone, _ = another(1), another(2)
    assert users_told(see(viewer, "/").text) == 3 * users
    InventoryVersion.objects.filter(pk=gone.pk).update(current=False)
    assert users_told(see(viewer, "/").text) == 2 * users


def test_a_tenant_that_cannot_be_read_is_told_and_the_others_are_summed(
    home: Settings, viewer: Client, see: Any, inventory: Path, another: Callable[[int], InventoryVersion]
) -> None:
    broken, _ = another(1), another(2)
    InventoryVersion.objects.filter(pk=broken.pk).update(file="nowhere.duckdb")
    page = see(viewer, "/")
    assert users_told(page.text) == 2 * brief_of(inventory).users["all"]
    assert "Tenant 001: The inventory" in page.words
    assert version_path(home, choose_version("Tenant 002")) == inventory
