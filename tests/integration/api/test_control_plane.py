"""Connections, runs, schedules and tenants over the API."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from seatbeacon.beacon.models import AuditEntry, Connection, ImportRun, RunState, Schedule
from seatbeacon.web.accounts.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.api.conftest import Api

    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def operator(api: Callable[[Scope], Api]) -> Api:
    return api(Scope.OPERATE)


def test_a_connection_is_told_without_its_secrets(reader: Api) -> None:
    (told,) = reader("/connections").body["items"]
    assert told["name"] == "Contoso"
    assert list(told["stored"]) == ["refresh-token"]
    assert told["last_run"]["state"] == "succeeded"
    assert reader(f"/connections/{told['id']}").body == told
    assert reader("/connections/987654").status_code == 404


def test_a_run_is_started_followed_and_cancelled(operator: Api) -> None:
    started = operator("/connections/1/runs", "POST")
    assert started.status_code == 202
    run = started.body
    assert (run["state"], run["trigger"], run["progress"]["phase"]) == ("queued", "api", "waiting")
    second = operator("/connections/1/runs", "POST")
    assert second.status_code == 409
    assert "is queued" in second.body["detail"]
    assert operator(f"/runs/{run['id']}/cancel", "POST").body["state"] == "cancelled"
    again = operator(f"/runs/{run['id']}/cancel", "POST")
    assert again.status_code == 409
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"import.queued", "import.cancel-requested"} <= actions


def test_a_disabled_connection_starts_nothing(api: Callable[[Scope], Api]) -> None:
    program = api(Scope.ADMINISTER)
    program("/connections/1/disable", "POST")
    assert program("/connections/1/runs", "POST").status_code == 409
    assert program("/connections/1/enable", "POST").body["enabled"] is True
    assert program("/connections/1/runs", "POST").status_code == 202


def test_a_connection_that_cannot_be_reached_says_so_when_tested(
    operator: Api, stocked: Path, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATBEACON_GIVE_UP_AFTER", "0.1")
    shutil.copy(stocked / "secret-keys", home.home)
    Connection.objects.update(token_endpoint="http://127.0.0.1:1/token")
    answer = operator("/connections/1/test", "POST")
    assert answer.status_code == 502
    assert answer.body["remedy"]


def test_runs_are_paged_and_filtered(reader: Api) -> None:
    first = ImportRun.objects.get()
    for _ in range(4):
        first.pk = None
        first.state = RunState.FAILED
        first.save(force_insert=True)
    page = reader("/runs", limit=2).body
    rest = reader("/runs", limit=9, after=page["next"]).body
    numbers = [run["id"] for run in page["items"] + rest["items"]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 5
    assert rest["next"] is None
    assert len(reader("/runs", state="failed").body["items"]) == 4
    assert reader("/runs", state="odd").status_code == 422


def test_a_run_tells_its_datasets_and_its_log(reader: Api) -> None:
    run = reader("/runs/1").body
    outcomes = {dataset["name"]: dataset["outcome"] for dataset in run["datasets"]}
    assert outcomes["users"] == "collected"
    assert run["progress"] is None
    assert run["counts"]["users"]["total"] > 0
    answer = reader("/runs/1/log")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_only_a_held_run_is_decided(operator: Api) -> None:
    for what in ("publish", "discard"):
        answer = operator(f"/runs/1/{what}", "POST")
        assert answer.status_code == 409
        assert "there is nothing to decide" in answer.body["detail"]


def test_schedules_are_made_changed_hung_on_and_deleted(operator: Api) -> None:
    given = {
        "name": "Every night",
        "kind": "daily",
        "rule": {"times": ["02:00"]},
        "time_zone": "Europe/Berlin",
    }
    made = operator("/schedules", "POST", given)
    assert made.status_code == 201
    number = made.body["id"]
    assert made.body["summary"] == "Every day at 02:00, Europe/Berlin"
    assert operator("/schedules", "POST", given).status_code == 422
    wrong = operator("/schedules", "POST", given | {"name": "Other", "rule": {"times": ["25:00"]}})
    assert wrong.body["errors"][0]["field"] == "times"
    hung: Any = operator("/connections/1/schedule", "PUT", {"schedule": number}).body
    assert hung["schedule"] == {"id": number, "name": "Every night"}
    assert hung["next_run_at"] is not None
    changed = operator(f"/schedules/{number}", "PATCH", {"rule": {"times": "03:15"}, "enabled": False}).body
    assert (changed["rule"]["times"], changed["enabled"], changed["next_run_at"]) == (["03:15"], False, None)
    begun = operator(f"/schedules/{number}/run", "POST")
    assert begun.status_code == 202
    assert begun.body["importing"] == ["Contoso"]
    assert operator("/connections/1/schedule", "PUT", {"schedule": None}).body["schedule"] is None
    assert operator("/schedules").body["items"][0]["connections"] == []
    assert operator(f"/schedules/{number}", "DELETE").status_code == 204
    assert not Schedule.objects.exists()


def test_the_inventory_file_is_taken_whole_and_audited(
    api: Callable[[Scope], Api], inventory: Path, tmp_path: Path
) -> None:
    program = api(Scope.ADMINISTER)
    tenant = program("/tenants").body["items"][0]
    assert program(f"/tenants/{tenant['id']}/versions").body["items"] == [tenant["current"]]
    answer = program(f"/tenants/{tenant['id']}/inventory")
    taken = tmp_path / "taken.duckdb"
    taken.write_bytes(b"".join(answer.streaming_content))
    assert taken.read_bytes() == inventory.read_bytes()
    with duckdb.connect(str(taken), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (120,)
    assert AuditEntry.objects.filter(action="inventory.downloaded").exists()
    assert program("/tenants/nothing/inventory").status_code == 404
