"""What other programs watch tells the truth, and tells nobody more than they may know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection as database
from django.db.models.functions import Now
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from seatbeacon.beacon.chores.heartbeat import living
from seatbeacon.beacon.models import (
    Connection,
    ImportRun,
    InventoryVersion,
    RunState,
    Tenant,
    Trigger,
    Worker,
    WorkerKind,
)
from seatbeacon.beacon.runs.presence import present

if TYPE_CHECKING:
    import pytest

    from seatbeacon.beacon.settings import Settings

TENANT = "aaaaaaaa-0000-0000-0000-000000000001"


def numbers(client: Client) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its label values."""
    text = client.get("/metrics").content.decode()
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_it_lives_and_is_ready_without_a_worker_and_says_so(home: Settings) -> None:
    assert Client().get("/healthz/live").json() == {"status": "ok"}
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {
        "database": "ok",
        "tables": "ok",
        "inventory": "ok",
        "worker": "none was heard of in the last minute",
    }
    Worker.objects.create(id="w", host="h", pid=1, version="1", started_at=Now(), heard_at=Now())
    assert Client().get("/healthz/ready").json()["checks"]["worker"] == "ok"


def test_it_is_not_ready_while_its_tables_are_not(home: Settings) -> None:
    with database.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'beacon' AND name > '0004'")
    answer = Client().get("/healthz/ready")
    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["checks"]["tables"] == "not up to date"


def test_it_is_not_ready_without_its_database(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    database.close()
    monkeypatch.setitem(database.settings_dict, "NAME", str(home.home / "no" / "such.sqlite3"))
    assert Client().get("/healthz").json() == {
        "status": "not ready",
        "checks": {"database": "cannot be reached"},
    }
    assert Client().get("/metrics").status_code == 503
    assert Client().get("/healthz/live").status_code == 200


def test_the_numbers_are_those_of_the_control_plane(home: Settings) -> None:
    now = datetime.now(UTC)
    connection = Connection.objects.create(
        name="Contoso", cloud="global", client_id="x", created_at=now, updated_at=now
    )
    for state, minutes, waits in (
        (RunState.SUCCEEDED, 3, 2.5),
        (RunState.FAILED, 20, 0),
        (RunState.QUEUED, None, 0),
    ):
        over = minutes is not None
        ImportRun.objects.create(
            connection=connection,
            connection_name="Contoso",
            trigger=Trigger.SCHEDULE,
            state=state,
            queued_at=now - timedelta(minutes=30),
            started_at=now - timedelta(minutes=minutes) if minutes else None,
            ended_at=now if over else None,
            requests=40 if over else 0,
            throttled_seconds=waits,
        )
    tenant = Tenant.objects.create(id=TENANT, display_name='Con"toso\n', created_at=now)
    InventoryVersion.objects.create(
        tenant=tenant,
        run=ImportRun.objects.earliest("pk"),
        file="x",
        created_at=now - timedelta(hours=2),
        current=True,
    )
    heard = now - timedelta(seconds=30)
    Worker.objects.create(id="w", host="h", pid=1, version="1", started_at=heard, heard_at=heard)
    found = numbers(Client())
    assert found["seatbeacon_import_runs", "succeeded"] == 1
    assert found["seatbeacon_import_runs", "queued"] == 1
    assert found["seatbeacon_import_runs", "held"] == 0
    assert found["seatbeacon_graph_requests_total",] == 80
    assert found["seatbeacon_graph_throttled_seconds_total",] == 2.5
    assert found["seatbeacon_import_duration_seconds_bucket", "300.0"] == 1
    assert found["seatbeacon_import_duration_seconds_bucket", "+Inf"] == 2
    assert found["seatbeacon_import_duration_seconds_sum",] == 23 * 60
    assert found["seatbeacon_connection_last_run_state", "Contoso", "queued"] == 1
    assert 7199 < found["seatbeacon_tenant_data_age_seconds", 'Con"toso\n', TENANT] < 7300
    assert found["seatbeacon_queue_length",] == 1
    assert 1799 < found["seatbeacon_queue_oldest_seconds",] < 1900
    worker = Worker.objects.get()
    assert (
        found["seatbeacon_worker_heartbeat_age_seconds", *sorted((worker.id, worker.host, str(worker.pid)))]
        >= 30
    )


def test_numbers_are_told_to_this_machine_only(home: Settings) -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 403
    behind = Client().get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert behind.status_code == 403
    assert "SEATBEACON_METRICS_TOKEN" in behind.content.decode()


def test_with_a_token_they_are_told_to_whoever_has_it(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATBEACON_METRICS_TOKEN", "hushed")
    far = Client(REMOTE_ADDR="192.0.2.7")
    assert far.get("/metrics", headers={"Authorization": "Bearer hushed"}).status_code == 200
    for wrong in ("Bearer wrong", "Bearer ", "", "Bearer hüshed"):
        assert far.get("/metrics", headers={"Authorization": wrong}).status_code == 403
    assert Client().get("/metrics").status_code == 403


def test_a_worker_is_heard_of_until_it_ends_and_commands_are_none(home: Settings) -> None:
    now = datetime.now(UTC)
    with present(home, WorkerKind.WORKER) as lives:
        assert [worker.id for worker in living(now + timedelta(seconds=59))] == [lives.id]
        assert living(now + timedelta(seconds=70)) == []
    assert not Worker.objects.exists()
    with present(home):
        assert Worker.objects.exists()
        assert living(now) == []
