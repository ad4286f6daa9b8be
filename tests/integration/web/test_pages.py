from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.test import Client

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.models import AuditEntry, Connection, ImportRun, RunState, Trigger
from seatbeacon.graph.secret import Secret
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.navigation import GROUPS, navigation_for

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.web.accounts.models import User

HOSTILE = "<script>alert(1)</script>"


def connect(name: str = "Contoso") -> Connection:
    now = datetime.now(UTC)
    return Connection.objects.create(name=name, cloud="global", created_at=now, updated_at=now)


def run_of(connection: Connection, state: RunState, **fields: object) -> ImportRun:
    now = datetime.now(UTC)
    return ImportRun.objects.create(
        connection=connection,
        connection_name=connection.name,
        trigger=Trigger.PERSON,
        state=state,
        queued_at=now,
        started_at=now - timedelta(seconds=90),
        ended_at=now,
        **fields,
    )


def test_security_headers_are_on_every_answer(viewer: Client) -> None:
    for address in ("/", "/account/login/", "/no/such/page/", "/administration/people/"):
        answer = viewer.get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
        assert "no-store" in answer["Cache-Control"]


def test_pages_go_compressed_to_who_asks_for_it(viewer: Client) -> None:
    answer = viewer.get("/imports/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Nothing was imported yet" in gzip.decompress(answer.content).decode()
    assert "Content-Encoding" not in viewer.get("/imports/").headers


def test_an_empty_beacon_says_what_to_do_next(viewer: Client) -> None:
    assert "No tenant is connected yet" in viewer.get("/").content.decode()
    assert "Nothing was imported yet" in viewer.get("/imports/").content.decode()


def test_navigation_shows_only_pages_that_exist_and_that_the_role_reaches(
    make_user: Callable[..., User],
) -> None:
    def labels(role: Role) -> set[str]:
        return {entry.label for _, entries in navigation_for(make_user(role), "/") for entry in entries}

    assert {"People", "Audit log", "Settings"} <= labels(Role.ADMINISTRATOR)
    assert not {"People", "Audit log", "Settings"} & labels(Role.VIEWER)
    assert labels(Role.OPERATOR) <= {entry.label for group in GROUPS for entry in group.entries}


def test_an_import_shows_each_dataset_with_what_to_do(viewer: Client) -> None:
    dataset = {
        "name": "activeUsers",
        "outcome": "denied",
        "count": None,
        "problem": f"Refused {HOSTILE}.",
        "remedy": "Assign the role Reports Reader.",
        "permission": "Reports.Read.All",
    }
    counts = {"users": {"total": 12345, "added": 1}}
    run = run_of(connect(HOSTILE), RunState.SUCCEEDED_WITH_PROBLEMS, datasets=[dataset], counts=counts)
    for address in ("/imports/", f"/imports/{run.pk}/", f"/imports/{run.pk}/progress/", "/"):
        page = viewer.get(address).content.decode()
        assert "Assign the role Reports Reader." in page
        assert "12\u202f345" in page
        assert HOSTILE not in page


def test_a_run_is_asked_after_only_while_it_is_under_way(viewer: Client) -> None:
    running = run_of(connect("One"), RunState.RUNNING)
    ended = run_of(connect("Two"), RunState.FAILED, problem="The proxy answered 407.", remedy="Check it.")
    assert "hx-trigger" in viewer.get(f"/imports/{running.pk}/progress/").content.decode()
    page = viewer.get(f"/imports/{ended.pk}/progress/").content.decode()
    assert "hx-trigger" not in page
    assert "The proxy answered 407." in page


def test_imports_are_filtered_by_state_and_connection(viewer: Client) -> None:
    run_of(connect("Contoso"), RunState.FAILED)
    run_of(connect("Fabrikam"), RunState.SUCCEEDED)
    page = viewer.get("/imports/?state=failed").content.decode()
    assert "Contoso</td>" in page
    assert "Fabrikam</td>" not in page
    assert "Fabrikam</td>" in viewer.get("/imports/?connection=fabri&sort=-started").content.decode()
    assert "No import matches" in viewer.get("/imports/?state=held").content.decode()


def test_the_header_tells_of_running_and_failed_imports_until_the_next_one(viewer: Client) -> None:
    contoso = connect()
    assert viewer.get("/imports/indicator/").content.decode().strip() == ""
    run_of(contoso, RunState.FAILED)
    assert "failed" in viewer.get("/imports/indicator/").content.decode()
    run_of(contoso, RunState.SUCCEEDED)
    assert viewer.get("/imports/indicator/").content.decode().strip() == ""
    run_of(contoso, RunState.RUNNING)
    assert "running" in viewer.get("/imports/indicator/").content.decode()


def test_tables_are_cut_into_pages(administrator: Client) -> None:
    for number in range(120):
        record(Actor("somebody"), "thing.done", f"thing {number}")
    first = administrator.get("/administration/audit-log/?sort=at&action=thing.done").content.decode()
    assert "1–50 of 120" in first
    assert "page=3" in first
    last = administrator.get("/administration/audit-log/?sort=at&action=thing.done&page=99").content.decode()
    assert "101–120 of 120" in last
    assert administrator.get("/administration/audit-log/?sort=password&page=x").status_code == 200


def test_the_audit_log_keeps_no_secret(home: Settings) -> None:
    record(
        Actor("somebody", "1", "203.0.113.9"),
        "connection.edited",
        "Contoso",
        client_secret="abc123",
        token=Secret("def456"),
        proxy={"url": "http://proxy", "password": "ghi789"},
        certificates=["jkl012"],
        enabled=True,
    )
    entry = AuditEntry.objects.get()
    kept = str(entry.details)
    assert not any(secret in kept for secret in ("abc123", "def456", "ghi789", "jkl012"))
    assert entry.details["proxy"]["url"] == "http://proxy"
    assert entry.details["enabled"] is True


def test_the_settings_page_masks_secrets(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATBEACON_OIDC_CLIENT_SECRET", "very-secret-indeed")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hidden-too@db/seatbeacon")
    page = administrator.get("/administration/settings/").content.decode()
    assert "SEATBEACON_OIDC_CLIENT_SECRET" in page
    assert "very-secret-indeed" not in page
    assert "hidden-too" not in page


def test_a_profile_is_saved_with_its_theme(viewer: Client) -> None:
    viewer.post("/profile/", {"name": "New name", "theme": "dark"})
    page = viewer.get("/").content.decode()
    assert 'data-bs-theme="dark"' in page
    assert "New name" in page
    assert AuditEntry.objects.filter(action="profile.name-changed").exists()


def test_a_theme_is_kept_for_browsers_without_a_session(home: Settings) -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark", "next": "/account/login/"})
    assert 'data-bs-theme="dark"' in client.get("/account/login/").content.decode()
    client.cookies["seatbeacon_theme"] = '"><script>'
    assert '<script>"' not in client.get("/account/login/").content.decode()


def test_a_fault_is_told_with_a_number_that_stands_in_the_log(
    administrator: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("inner words")

    monkeypatch.setattr("seatbeacon.web.pages.settings.views.describe_settings", fail)
    administrator.raise_request_exception = False
    answer = administrator.get("/administration/settings/")
    assert answer.status_code == 500
    assert "inner words" not in answer.content.decode()
    number = next(word for word in caplog.text.split() if f"<code>{word}</code>" in answer.content.decode())
    assert len(number) == 8


def test_static_files_are_served_under_addresses_that_last(home: Settings) -> None:
    page = Client().get("/account/login/").content.decode()
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    answer = Client().get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Encoding"] == "gzip"
    answer.close()
