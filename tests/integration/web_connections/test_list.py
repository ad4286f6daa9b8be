"""The list of connections, and what is done with the selected one."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.models import (
    AuditEntry,
    Connection,
    ImportRun,
    InventoryVersion,
    RunState,
    Tenant,
    Trigger,
)
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

HOSTILE = "<img src=x onerror=alert(1)>"


def connect(name: str, **fields: object) -> Connection:
    now = datetime.now(UTC)
    return Connection.objects.create(name=name, cloud="global", created_at=now, updated_at=now, **fields)


def names_in(page: str) -> list[str]:
    return re.findall(r'<a class="fw-medium" href="[^"]+">([^<]+)</a>', page)


def test_an_empty_list_leads_to_new(administrator: Client, viewer: Client) -> None:
    page = administrator.get("/inventory-systems/").content.decode()
    assert "No connection yet" in page
    assert 'href="/inventory-systems/new/"' in page
    assert "ask one to make the first" in viewer.get("/inventory-systems/").content.decode()


def test_the_overview_leads_here(administrator: Client) -> None:
    assert 'href="/inventory-systems/"' in administrator.get("/").content.decode()


def test_the_list_has_its_columns_and_says_what_is_not_there(administrator: Client) -> None:
    connect("Contoso")
    page = administrator.get("/inventory-systems/").content.decode()
    heads = re.sub(r"<[^>]+>", "", page[page.index("<thead>") : page.index("</thead>")]).split("\n")
    told = [head.strip() for head in heads if head.strip()]
    assert told == [
        "Select",
        "Connection NameTypeTenantFlowProxy",
        "ScheduleNext run",
        "Last importStatus",
    ] or "Connection Name" in " ".join(told)
    assert "Not scheduled" in page
    assert "Known after the first import" in page
    assert "Microsoft Office 365 (deprecated)" in page
    assert "Schedule…" in page


def test_it_sorts_and_searches(administrator: Client) -> None:
    first = connect("alpha", proxy_url="http://proxy.example:3128")
    connect("Beta", enabled=False)
    Tenant.objects.create(id="t" * 36, display_name="Fabrikam", created_at=datetime.now(UTC))
    connect("gamma", tenant_id="t" * 36, flow="client-credentials")
    assert names_in(administrator.get("/inventory-systems/").content.decode()) == ["alpha", "Beta", "gamma"]
    backwards = administrator.get("/inventory-systems/?sort=-name").content.decode()
    assert names_in(backwards) == ["gamma", "Beta", "alpha"]
    for words, names in {
        "fabrikam": ["gamma"],
        "proxy.example": ["alpha"],
        "client credentials": ["gamma"],
        "disabled": ["Beta"],
        "ALPHA": ["alpha"],
        HOSTILE: [],
        "x" * 100_000: [],
    }.items():
        page = administrator.get("/inventory-systems/", {"q": words}).content.decode()
        assert names_in(page) == names
        assert HOSTILE not in page
    for sort in ("type", "tenant", "flow", "proxy", "last_import", "status", "nonsense", "-"):
        assert administrator.get(f"/inventory-systems/?sort={sort}").status_code == 200
    selected = administrator.get(f"/inventory-systems/?selected={first.pk}").content.decode()
    assert re.search(rf'value="{first.pk}"[^>]* checked', selected)
    assert administrator.get("/inventory-systems/?selected=" + "9" * 400).status_code == 200


def test_a_name_that_came_by_another_way_is_shown_as_text(administrator: Client) -> None:
    found = connect(HOSTILE)
    for address in ("", f"{found.pk}/", f"{found.pk}/edit/", f"{found.pk}/delete/", f"{found.pk}/test/"):
        page = administrator.get(f"/inventory-systems/{address}").content.decode()
        assert HOSTILE not in page
        assert "&lt;img src=x" in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR])
def test_a_role_sees_the_actions_it_may_take(role: Role, sign_in: Callable[[Role], Client]) -> None:
    found = connect("Contoso")
    client = sign_in(role)
    for address in ("/inventory-systems/", f"/inventory-systems/{found.pk}/"):
        page = client.get(address).content.decode()
        assert ("Execute Now" in page) == role.allows(Role.OPERATOR)
        assert ("Test connection" in page) == role.allows(Role.OPERATOR)
        assert ("Edit…" in page) == role.allows(Role.ADMINISTRATOR)
        assert ("Delete" in page) == role.allows(Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("address", "needed"),
    [
        ("execute/", Role.OPERATOR),
        ("test/", Role.OPERATOR),
        ("enable/", Role.ADMINISTRATOR),
        ("delete/", Role.ADMINISTRATOR),
        ("edit/", Role.ADMINISTRATOR),
        ("validate/", Role.ADMINISTRATOR),
        ("authorize/", Role.ADMINISTRATOR),
    ],
)
def test_an_action_needs_its_role(
    address: str, needed: Role, sign_in: Callable[[Role], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seatbeacon.web.connections.testing.start", lambda connection, actor: None)
    found = connect("Contoso")
    for role in Role:
        status = sign_in(role).post(f"/inventory-systems/{found.pk}/{address}", {}).status_code
        assert (status == 403) == (not role.allows(needed)), role


def test_it_is_disabled_and_enabled_again(administrator: Client) -> None:
    found = connect("Contoso")
    for value, told in (("no", "is disabled: it imports nothing"), ("yes", "is enabled.")):
        answer = administrator.post(f"/inventory-systems/{found.pk}/enable/", {"enabled": value}, follow=True)
        assert told in answer.content.decode()
        found.refresh_from_db()
        assert found.enabled == (value == "yes")
    administrator.post(f"/inventory-systems/{found.pk}/enable/", {"enabled": "no"})
    answer = administrator.post(f"/inventory-systems/{found.pk}/execute/", follow=True)
    assert "disabled" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_execute_now_queues_a_run_once_and_leads_to_it(administrator: Client) -> None:
    found = connect("Contoso")
    answer = administrator.post(f"/inventory-systems/{found.pk}/execute/")
    run = ImportRun.objects.get()
    assert answer["Location"] == f"/imports/{run.pk}/"
    assert (run.state, run.trigger) == (RunState.QUEUED, Trigger.PERSON)
    again = administrator.post(f"/inventory-systems/{found.pk}/execute/", follow=True)
    assert again.redirect_chain[-1][0] == f"/imports/{run.pk}/"
    assert ImportRun.objects.count() == 1
    page = administrator.get(f"/imports/{run.pk}/").content.decode()
    assert "Waiting for a worker" in page
    assert "<progress" in page


def test_a_queued_run_is_cancelled(administrator: Client, viewer: Client) -> None:
    found = connect("Contoso")
    administrator.post(f"/inventory-systems/{found.pk}/execute/")
    run = ImportRun.objects.get()
    assert viewer.post(f"/imports/{run.pk}/cancel/").status_code == 403
    assert "Cancel" not in re.sub("cancelled", "", viewer.get(f"/imports/{run.pk}/").content.decode())
    administrator.post(f"/imports/{run.pk}/cancel/")
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    again = administrator.post(f"/imports/{run.pk}/cancel/", follow=True)
    assert again.status_code == 200


def test_deleting_says_what_goes_stale_and_asks_for_the_name(
    administrator: Client, saved: Callable[..., int], home: Settings
) -> None:
    number = saved()
    run_import(home, Connection.objects.get(), Trigger.CLI)
    address = f"/inventory-systems/{number}/delete/"
    page = administrator.get(address).content.decode()
    assert re.search(r'sb-value">40<', page)
    assert "Users that came only through it" in page
    refused = administrator.post(address, {"name": "Contos"})
    assert refused.status_code == 400
    assert "Type the connection" in refused.content.decode()
    assert Connection.objects.exists()
    done = administrator.post(address, {"name": "contoso", "inventory": "keep"}, follow=True)
    assert "“Contoso” is deleted." in done.content.decode()
    assert not Connection.objects.exists()
    assert InventoryVersion.objects.exists()
    assert AuditEntry.objects.filter(action="connection.deleted").count() == 1


def test_what_was_imported_goes_with_it_where_that_is_chosen(
    administrator: Client, saved: Callable[..., int], home: Settings
) -> None:
    number = saved()
    run_import(home, Connection.objects.get(), Trigger.CLI)
    address = f"/inventory-systems/{number}/delete/"
    administrator.post(address, {"name": "Contoso", "inventory": "remove"})
    assert not InventoryVersion.objects.exists()


def test_a_connection_that_imports_right_now_is_not_deleted(administrator: Client) -> None:
    found = connect("Contoso")
    administrator.post(f"/inventory-systems/{found.pk}/execute/")
    answer = administrator.post(f"/inventory-systems/{found.pk}/delete/", {"name": "Contoso"})
    assert answer.status_code == 400
    assert "queued" in answer.content.decode()


def test_the_outcome_of_the_last_import_links_to_it(
    administrator: Client, saved: Callable[..., int], home: Settings
) -> None:
    saved()
    run = run_import(home, Connection.objects.get(), Trigger.CLI)
    page = administrator.get("/inventory-systems/").content.decode()
    assert f'href="/imports/{run.pk}/"' in page
    assert "Succeeded" in page
    tenant = Tenant.objects.get()
    assert tenant.display_name in page
    names = administrator.get("/inventory-systems/", {"q": tenant.display_name}).content.decode()
    assert names_in(names) == ["Contoso"]
