"""Notifications go out once per state, by whichever worker claims them, to a real web server."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from tests.secret_search import planted

from seatbeacon.beacon.audit import COMMAND_LINE
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.errors import NotificationError
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.models import (
    Connection,
    Event,
    ImportRun,
    Notice,
    NotificationTarget,
    RunState,
    SecretField,
    StoredSecret,
    Trigger,
)
from seatbeacon.beacon.notifications.conditions import conditions, short_products
from seatbeacon.beacon.notifications.notify import PAUSES, notify
from seatbeacon.beacon.notifications.targets import delete_target, save_target, send_test
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
TOKEN = planted("hook-token")


class Hook:
    """A web server that takes notifications, or refuses them while `status` says so."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.status == 200:
                    hook.taken.append(json.loads(body))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def address(self) -> Secret:
        return Secret(f"json://127.0.0.1:{self.server.server_port}/{TOKEN}")

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.taken]

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    yield hook
    hook.close()


@pytest.fixture
def connection(home: Settings, form: Given, simulator: Simulator) -> Connection:
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    return add_connection(load_key_ring(home), "Contoso", form, secrets)


@pytest.fixture
def target(home: Settings, hook: Hook) -> NotificationTarget:
    return make_target(home, hook)


def make_target(home: Settings, hook: Hook, **fields: Any) -> NotificationTarget:
    given = {"name": "Licenses", "events": Event.values, "address": hook.address, **fields}
    return save_target(load_key_ring(home), actor=COMMAND_LINE, **given)


def ended(connection: Connection, state: RunState, problem: str = "") -> ImportRun:
    return ImportRun.objects.create(
        connection=connection,
        connection_name=connection.name,
        trigger=Trigger.SCHEDULE,
        state=state,
        queued_at=NOW,
        problem=problem,
        remedy="Do something.",
    )


@pytest.fixture
def tell(home: Settings) -> Callable[..., int]:
    return lambda at=NOW: notify(home, load_key_ring(home), at)


def test_a_failure_is_told_once_and_a_different_one_again(
    connection: Connection, target: NotificationTarget, hook: Hook, tell: Callable[..., int]
) -> None:
    run = ended(connection, RunState.FAILED, "The sign-in was refused.")
    assert tell() == 1
    assert hook.titles == ["Contoso: the import failed"]
    assert "The sign-in was refused. Do something." in hook.taken[0]["message"]
    assert f"/imports/{run.pk}/" in hook.taken[0]["message"]
    ended(connection, RunState.FAILED, "The sign-in was refused.")
    assert tell(NOW + timedelta(days=1)) == 0
    ended(connection, RunState.FAILED, "The proxy is gone.")
    assert tell(NOW + timedelta(days=2)) == 1


def test_what_came_back_after_it_was_over_is_told_again(
    connection: Connection, target: NotificationTarget, hook: Hook, tell: Callable[..., int]
) -> None:
    for state, told in ((RunState.FAILED, 1), (RunState.SUCCEEDED, 0), (RunState.FAILED, 1)):
        ended(connection, state, "The same." if state == RunState.FAILED else "")
        assert tell() == told
    ended(connection, RunState.CANCELLED)
    assert tell() == 0
    assert len(hook.taken) == 2


def test_held_and_problems_are_told_and_disabled_connections_are_not(
    connection: Connection, target: NotificationTarget, hook: Hook, tell: Callable[..., int]
) -> None:
    ended(connection, RunState.SUCCEEDED_WITH_PROBLEMS, "groups was denied.")
    ended(connection, RunState.HELD, "It would remove many.")
    assert tell() == 1
    assert hook.titles == ["Contoso: the import is held"]
    ended(connection, RunState.HELD, "It would remove many.")
    assert tell() == 1, "another held run is another decision"
    Connection.objects.update(enabled=False)
    assert tell() == 0
    assert not Notice.objects.exists()


def test_each_target_hears_only_what_it_asked_for(
    home: Settings, connection: Connection, hook: Hook, tell: Callable[..., int]
) -> None:
    make_target(home, hook, name="Held only", events=["import-held"])
    make_target(home, hook, name="Switched off", enabled=False)
    ended(connection, RunState.FAILED, "No.")
    assert tell() == 0
    ended(connection, RunState.HELD, "Held.")
    assert tell() == 1


def test_a_refusal_is_tried_again_later_and_told_without_the_address(
    connection: Connection, target: NotificationTarget, hook: Hook, tell: Callable[..., int]
) -> None:
    hook.status = 500
    ended(connection, RunState.FAILED, "No.")
    assert tell() == 0
    target.refresh_from_db()
    assert "not delivered" in target.problem
    assert TOKEN not in target.problem
    hook.status = 200
    assert tell(NOW + PAUSES[0] / 2) == 0
    assert tell(NOW + PAUSES[0]) == 1
    target.refresh_from_db()
    assert target.problem == ""
    assert target.sent_at is not None


def test_two_workers_send_one_message(
    connection: Connection, target: NotificationTarget, hook: Hook, tell: Callable[..., int]
) -> None:
    ended(connection, RunState.FAILED, "No.")
    threads = [threading.Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hook.taken) == 1


def test_a_dying_token_is_told(
    home: Settings, connection: Connection, target: NotificationTarget, hook: Hook, tell: Callable[..., int]
) -> None:
    StoredSecret.objects.filter(field=SecretField.REFRESH_TOKEN).update(
        stored_at=NOW - timedelta(days=70), facts={}
    )
    assert [one.event for one in conditions(home, NOW)] == [Event.TOKEN]
    assert tell() == 1
    assert "refresh token" in hook.titles[0]


def test_last_seats_are_told_with_their_product(
    home: Settings, connection: Connection, target: NotificationTarget, hook: Hook, tell: Callable[..., int]
) -> None:
    run_import(home, connection, Trigger.CLI)
    short_products.cache_clear()
    expected = [one for one in conditions(home, NOW) if one.event == Event.SEATS]
    assert expected, "the simulated tenant has products that are nearly used up"
    tell()
    assert {one.title for one in expected} <= set(hook.titles)
    assert all("seat" in one.title and one.path.startswith("/licenses/") for one in expected)


def test_a_wrong_target_is_refused_and_changes_nothing(home: Settings, hook: Hook) -> None:
    wrong: tuple[dict[str, Any], ...] = ({"address": Secret("no address")}, {"address": None}, {"events": []})
    for fields in wrong:
        with pytest.raises(NotificationError):
            make_target(home, hook, **fields)
    assert not NotificationTarget.objects.exists()
    make_target(home, hook)
    with pytest.raises(NotificationError, match="already"):
        make_target(home, hook, name="LICENSES")


def test_the_address_is_sealed_and_told_nowhere(
    home: Settings, target: NotificationTarget, audit: Callable[[], Any]
) -> None:
    assert TOKEN.encode() not in (home.home / "seatbeacon.sqlite3").read_bytes()
    assert TOKEN not in repr(audit())
    save_target(
        load_key_ring(home), actor=COMMAND_LINE, name="Renamed", events=["import-held"], target=target
    )
    assert NotificationTarget.objects.get().name == "Renamed"
    delete_target(target, actor=COMMAND_LINE)
    assert [action for action, *_ in audit()][-3:] == [
        "notification.added",
        "notification.edited",
        "notification.deleted",
    ]


def test_a_test_message_goes_out_at_once(home: Settings, target: NotificationTarget, hook: Hook) -> None:
    send_test(load_key_ring(home), target, actor=COMMAND_LINE)
    assert hook.titles == ["Seatbeacon: a test"]
    hook.status = 404
    with pytest.raises(NotificationError):
        send_test(load_key_ring(home), target, actor=COMMAND_LINE)
