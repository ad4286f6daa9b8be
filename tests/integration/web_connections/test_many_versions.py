"""The pages of versions and of imports where there are more of them than one page holds."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState, Tenant, Trigger
from seatbeacon.web.pages.imports.views import PER_PAGE as RUNS_OF_A_PAGE
from seatbeacon.web.tables import PER_PAGE

if TYPE_CHECKING:
    from django.test import Client

    from seatbeacon.beacon.settings import Settings

MANY = 2 * PER_PAGE + 7
BEGUN = datetime(2026, 11, 1, 6, tzinfo=UTC)
ONE, OTHER = "0a000000-0000-4000-8000-000000000001", "0b000000-0000-4000-8000-000000000002"


def kept(tenant_id: str, name: str, count: int) -> list[int]:
    """Published versions of a tenant, the last of them current; their numbers, newest first."""
    tenant = Tenant.objects.create(id=tenant_id, display_name=name, created_at=BEGUN)
    numbers = []
    for number in range(count):
        at = BEGUN + timedelta(hours=number)
        run = ImportRun.objects.create(
            connection_name=name,
            trigger=Trigger.SCHEDULE,
            state=RunState.SUCCEEDED,
            tenant_id=tenant_id,
            queued_at=at,
            started_at=at,
            ended_at=at + timedelta(minutes=1),
        )
        version = InventoryVersion.objects.create(
            tenant=tenant,
            run=run,
            file=f"{tenant_id}/{run.pk}.duckdb",
            created_at=at,
            published_at=at + timedelta(minutes=1),
            current=number == count - 1,
        )
        numbers.append(version.pk)
    return numbers[::-1]


def versions_on(page: str) -> list[int]:
    """The numbers in the first column."""
    return [int(number) for number in re.findall(r'<tr>\s*<td class="sb-number">(\d+)</td>', page)]


def runs_on(page: str) -> set[int]:
    return {int(number) for number in re.findall(r'href="/imports/(\d+)/"', page)}


def walked(client: Client, address: str) -> list[str]:
    """The page at `address` and those after it, each by the link that the page before it has."""
    pages = [client.get(address).content.decode()]
    path = address.partition("?")[0]
    while True:
        links = dict(re.findall(r'class="page-link" href="(\?[^"]+)">(\d+)</a>', pages[-1]))
        following = [link for link, number in links.items() if int(number) == len(pages) + 1]
        if not following:
            return pages
        pages.append(client.get(path + html.unescape(following[0])).content.decode())


@pytest.fixture
def versions(home: Settings) -> dict[str, list[int]]:
    return {ONE: kept(ONE, "Contoso", MANY), OTHER: kept(OTHER, "Fabrikam", 3)}


def test_the_versions_of_a_tenant_stand_on_pages_newest_first_each_once(
    versions: dict[str, list[int]], viewer: Client
) -> None:
    pages = walked(viewer, f"/imports/versions/?tenant={ONE}")
    assert [len(versions_on(page)) for page in pages] == [PER_PAGE, PER_PAGE, 7]
    assert [number for page in pages for number in versions_on(page)] == versions[ONE]
    assert f"1–{PER_PAGE} of {MANY}" in pages[0]
    assert f"{2 * PER_PAGE + 1}–{MANY} of {MANY}" in pages[2]
    assert all(f'value="{ONE}" selected' in page for page in pages)
    assert all(re.search(rf'aria-current="page"[^>]*>{n}</a>', page) for n, page in enumerate(pages, 1))
    # Readers see one version, whatever page it stands on.
    assert ["Readers see it" in page for page in pages] == [True, False, False]


def test_the_pages_go_on_from_one_tenant_to_the_next(versions: dict[str, list[int]], viewer: Client) -> None:
    pages = walked(viewer, "/imports/versions/")
    assert [number for page in pages for number in versions_on(page)] == versions[ONE] + versions[OTHER]
    assert pages[2].count("Readers see it") == 1
    # What fits on one page has no pages to go to.
    alone = walked(viewer, f"/imports/versions/?tenant={OTHER}")
    assert [versions_on(page) for page in alone] == [versions[OTHER]]
    assert "Pages of this table" not in alone[0]


def test_a_page_that_is_not_there_is_the_last_or_the_first(
    versions: dict[str, list[int]], viewer: Client
) -> None:
    for asked, shown in (("999", 2), ("0", 2), ("-1", 2), ("x", 0), ("", 0)):
        page = viewer.get(f"/imports/versions/?tenant={ONE}&page={asked}")
        assert page.status_code == 200
        expected = versions[ONE][shown * PER_PAGE : (shown + 1) * PER_PAGE]
        assert versions_on(page.content.decode()) == expected, asked


def test_one_goes_back_to_a_version_of_a_later_page(
    versions: dict[str, list[int]], administrator: Client, home: Settings
) -> None:
    oldest = InventoryVersion.objects.get(pk=versions[ONE][-1])
    file = home.inventory / oldest.file
    file.parent.mkdir(parents=True)
    file.write_bytes(b"a version")
    last = administrator.get(f"/imports/versions/?tenant={ONE}&page=3").content.decode()
    assert f'action="/imports/versions/{oldest.pk}/back/"' in last
    after = administrator.post(f"/imports/versions/{oldest.pk}/back/", follow=True).content.decode()
    assert f"see version {oldest.pk} from now on" in after
    pages = walked(administrator, f"/imports/versions/?tenant={ONE}")
    assert ["Readers see it" in page for page in pages] == [False, False, True]


def test_the_imports_of_a_filter_stand_on_pages_each_once(
    versions: dict[str, list[int]], viewer: Client
) -> None:
    ImportRun.objects.create(
        connection_name="by hand", trigger=Trigger.PERSON, state=RunState.FAILED, queued_at=BEGUN
    )
    scheduled = list(ImportRun.objects.filter(trigger=Trigger.SCHEDULE).values_list("pk", flat=True))
    pages = walked(viewer, "/imports/?trigger=schedule")
    found = [runs_on(page) for page in pages]
    assert sum(map(len, found)) == len(set().union(*found)) == len(scheduled)
    assert set().union(*found) == set(scheduled)
    assert {len(each) for each in found[:-1]} == {RUNS_OF_A_PAGE}
    assert [max(each) for each in found] == sorted((max(each) for each in found), reverse=True)
