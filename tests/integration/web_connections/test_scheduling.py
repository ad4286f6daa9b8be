"""Scheduling: the list, the form, Schedule… on a connection, and who may do what."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections as databases

from seatbeacon.beacon.models import AuditEntry, Connection, ImportRun, Occurrence, Schedule, Trigger
from seatbeacon.beacon.schedules.dispatch import Dispatcher
from seatbeacon.beacon.schedules.kinds import read_rule
from seatbeacon.beacon.schedules.services import Given, assign, create_schedule, set_enabled
from seatbeacon.beacon.worker.queue import open_queue
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.scheduling.forms import ScheduleForm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

HOSTILE = "<img src=x onerror=alert(1)>"
TYPED = {
    "name": "Every night",
    "kind": "daily",
    "times": "02:00",
    "weekdays": ["1", "2", "3", "4", "5", "6", "7"],
    "time_zone": "Europe/Berlin",
    "at_once": "1",
    "jitter_seconds": "0",
}


@pytest.fixture
def operator(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.OPERATOR)


@pytest.fixture
def queue(home: Settings) -> Iterator[None]:
    yield
    open_queue(home).huey.storage.close()
    open_queue.cache_clear()


def connect(name: str, schedule: Schedule | None = None, **fields: object) -> Connection:
    now = datetime.now(UTC)
    return Connection.objects.create(
        name=name, cloud="global", schedule=schedule, created_at=now, updated_at=now, **fields
    )


def nightly(name: str = "Every night", **given: Any) -> Schedule:
    rule = read_rule("daily", {"times": "02:00"})
    return create_schedule(Given(**({"name": name, "rule": rule, "time_zone": "Europe/Berlin"} | given)))


def text_of(page: Any) -> str:
    words: str = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))
    return words


def test_an_empty_list_leads_to_new_and_the_navigation_leads_here(operator: Client, viewer: Client) -> None:
    page = operator.get("/scheduling/").content.decode()
    assert "No schedule yet" in page
    assert 'href="/scheduling/new/"' in page
    assert "ask one to make the first" in viewer.get("/scheduling/").content.decode()
    assert 'href="/scheduling/"' in viewer.get("/").content.decode()


def test_the_list_shows_schedules_with_their_connections_and_the_row_not_scheduled(
    viewer: Client, home: object
) -> None:
    schedule = nightly()
    connect("Contoso", schedule)
    connect("Fabrikam", schedule, enabled=False)
    connect("Adventure Works")
    page = text_of(viewer.get("/scheduling/"))
    for words in ("Every night", "Daily", "Every day at 02:00", "Europe/Berlin", "Contoso", "Fabrikam"):
        assert words in page
    assert page.index("Contoso") < page.index("Not scheduled") < page.index("Adventure Works")
    assert "Run now" not in page
    assert "Times are local times of the schedule’s zone." in page


def test_a_row_unfolds_to_twenty_connections_and_links_the_rest(viewer: Client, home: object) -> None:
    schedule = nightly()
    for number in range(25):
        connect(f"Customer {number:02d}", schedule)
    page = text_of(viewer.get("/scheduling/"))
    assert "Customer 19" in page
    assert "Customer 20" not in page
    assert "All 25 connections" in page
    assert "Customer 24" in text_of(viewer.get(f"/scheduling/{schedule.pk}/"))


def test_a_new_schedule_is_saved_and_told(operator: Client) -> None:
    answer = operator.post("/scheduling/new/", TYPED)
    schedule = Schedule.objects.get()
    assert answer["Location"] == f"/scheduling/{schedule.pk}/"
    assert (schedule.kind, schedule.rule) == (
        "daily",
        {"times": ["02:00"], "weekdays": [1, 2, 3, 4, 5, 6, 7]},
    )
    assert schedule.next_run_at is not None
    page = text_of(operator.get(answer["Location"]))
    assert "“Every night” is saved: Every day at 02:00, Europe/Berlin." in page
    assert len(re.findall(r"02:00 CES?T", page)) == 5
    entry = AuditEntry.objects.get(action="schedule.added")
    assert "operator@example.com" in entry.actor
    assert entry.target == "Every night"


@pytest.mark.parametrize(
    ("typed", "kind", "rule"),
    [
        ({"kind": "minutes", "every": "15"}, "minutes", {"every": 15}),
        ({"kind": "hourly", "minute": "5"}, "hourly", {"minute": 5}),
        ({"kind": "weekly", "weekday": "7", "times": "3:00"}, "weekly", {"weekday": 7, "times": ["03:00"]}),
        ({"kind": "monthly", "month_on": "day", "day": "31"}, "monthly", {"day": 31, "times": ["02:00"]}),
        ({"kind": "monthly", "month_on": "last", "day": "3"}, "monthly", {"day": "last", "times": ["02:00"]}),
        (
            {"kind": "monthly", "month_on": "weekday", "nth": "second", "nth_weekday": "2", "day": "3"},
            "monthly",
            {"nth": "second", "weekday": 2, "times": ["02:00"]},
        ),
        ({"kind": "cron", "expression": "30 2 * * 1-5"}, "cron", {"expression": "30 2 * * 1-5"}),
    ],
)
def test_the_kind_decides_which_fields_count(
    operator: Client, typed: dict[str, str], kind: str, rule: dict[str, Any]
) -> None:
    assert operator.post("/scheduling/new/", TYPED | typed).status_code == 302
    schedule = Schedule.objects.get()
    assert (schedule.kind, schedule.rule) == (kind, rule)
    # What is stored is what its form holds: saved again as it stands, nothing changes.
    address = f"/scheduling/{schedule.pk}/edit/"
    form = ScheduleForm(before=schedule)
    held = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    assert operator.post(address, held).status_code == 302
    schedule.refresh_from_db()
    assert (schedule.kind, schedule.rule) == (kind, rule)
    assert AuditEntry.objects.get(action="schedule.edited").details == {"changed": {}}


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"name": ""}, "name", "Give the schedule a name"),
        ({"name": "x" * 101}, "name", "longer than 100"),
        ({"times": "25:00"}, "times", "“25:00” is no time of day"),
        ({"times": "02:00,02:01"}, "times", "more often than every 5 minutes"),
        ({"weekdays": []}, "weekdays", "Choose at least one weekday"),
        ({"time_zone": "Europe/Berlim"}, "time_zone", "Did you mean Europe/Berlin"),
        ({"at_once": "0"}, "at_once", "from 1 to 1000"),
        ({"jitter_seconds": "x"}, "jitter_seconds", "from 0 to 3600"),
        ({"kind": "monthly", "month_on": "day", "day": ""}, "day", "from 1 to 31"),
        ({"kind": "cron", "expression": "a b c d e"}, "expression", "cannot be read"),
        ({"kind": "yearly"}, "kind", "choose one of those"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_changes_nothing(
    operator: Client, wrong: dict[str, Any], field: str, words: str
) -> None:
    answer = operator.post("/scheduling/new/", TYPED | wrong)
    assert answer.status_code == 400
    page = answer.content.decode()
    place = page.index(f'name="{field}"')
    assert words in page[place:]
    assert not Schedule.objects.exists()


def test_names_are_unique_in_whichever_case(operator: Client) -> None:
    nightly()
    answer = operator.post("/scheduling/new/", TYPED | {"name": "EVERY night"})
    assert answer.status_code == 400
    assert "There is a schedule “Every night” already" in answer.content.decode()


def test_the_preview_tells_the_next_five_runs_or_what_is_wrong_and_stores_nothing(operator: Client) -> None:
    page = text_of(operator.post("/scheduling/preview/", TYPED | {"name": ""}))
    assert "Every day at 02:00, Europe/Berlin" in page
    assert len(re.findall(r"02:00 CES?T", page)) == 5
    page = text_of(operator.post("/scheduling/preview/", TYPED | {"times": HOSTILE}))
    assert "is no time of day" in page
    assert HOSTILE not in page
    # Without JavaScript a button of the form does the same.
    page = text_of(operator.post("/scheduling/new/", TYPED | {"name": "", "look": "yes", "times": "04:00"}))
    assert len(re.findall(r"04:00 CES?T", page)) == 5
    assert not Schedule.objects.exists()


def test_an_edit_keeps_the_connections_and_moves_the_next_run(operator: Client, home: object) -> None:
    schedule = nightly()
    connect("Contoso", schedule)
    before = schedule.next_run_at
    edited = TYPED | {"name": "Later", "times": "05:00", "at_once": "3"}
    assert operator.post(f"/scheduling/{schedule.pk}/edit/", edited).status_code == 302
    schedule.refresh_from_db()
    assert (schedule.name, schedule.at_once) == ("Later", 3)
    assert schedule.next_run_at != before
    assert schedule.connections.count() == 1
    changed = AuditEntry.objects.get(action="schedule.edited").details["changed"]
    assert changed["runs"] == ["Every day at 02:00", "Every day at 05:00"]


def test_a_deletion_says_which_connections_move_and_moves_them(operator: Client, home: object) -> None:
    schedule = nightly()
    connect("Contoso", schedule)
    connect(HOSTILE[:90], schedule)
    page = operator.get(f"/scheduling/{schedule.pk}/delete/").content.decode()
    assert "These 2 connections move to <strong>Not scheduled</strong>" in page
    assert '<li class="sb-long">Contoso</li>' in page
    assert HOSTILE not in page
    answer = operator.post(f"/scheduling/{schedule.pk}/delete/", follow=True)
    assert "2 connections moved to Not scheduled." in text_of(answer)
    assert not Schedule.objects.exists()
    assert Connection.objects.filter(schedule__isnull=True).count() == 2
    details = AuditEntry.objects.get(action="schedule.deleted").details
    assert "Contoso" in details["not_scheduled_any_more"]


def test_run_now_begins_the_first_and_tells_of_what_is_left_out(operator: Client, queue: None) -> None:
    schedule = nightly()
    for name in ("Contoso", "Fabrikam"):
        connect(name, schedule)
    connect("Northwind", schedule, enabled=False)
    page = text_of(operator.post(f"/scheduling/{schedule.pk}/run/", follow=True))
    assert "“Every night” runs now: 2 connections, one after the other." in page
    assert "“Northwind”: It was left out, because the connection is disabled." in page
    run = ImportRun.objects.get()
    assert (run.connection_name, run.trigger) == ("Contoso", Trigger.PERSON)
    before = Schedule.objects.get().next_run_at
    ImportRun.objects.update(state="succeeded")
    Dispatcher(lambda _: None).look(datetime.now(UTC))
    assert ImportRun.objects.count() == 2
    assert Schedule.objects.get().next_run_at == before
    databases.close_all()


def test_an_empty_schedule_has_nothing_to_run(operator: Client, home: object) -> None:
    schedule = nightly()
    assert "there is nothing to run" in text_of(operator.post(f"/scheduling/{schedule.pk}/run/", follow=True))
    assert not Occurrence.objects.exists()


def test_a_schedule_is_paused_and_resumed(operator: Client, home: object) -> None:
    schedule = nightly()
    contoso = connect("Contoso", schedule)
    assert "is paused" in text_of(
        operator.post(f"/scheduling/{schedule.pk}/enable/", {"enabled": "no"}, follow=True)
    )
    assert Schedule.objects.get().next_run_at is None
    assert "Paused" in text_of(operator.get("/inventory-systems/"))
    assert "the schedule is paused" in text_of(operator.get(f"/inventory-systems/{contoso.pk}/"))
    assert "This schedule is paused" in text_of(operator.get(f"/inventory-systems/{contoso.pk}/schedule/"))
    operator.post(f"/scheduling/{schedule.pk}/enable/", {"enabled": "yes"})
    assert Schedule.objects.get().next_run_at is not None


def test_schedule_on_a_connection_shows_what_is_chosen_saves_it_and_takes_it_off(
    operator: Client, home: object
) -> None:
    contoso, schedule = connect("Contoso"), nightly()
    address = f"/inventory-systems/{contoso.pk}/schedule/"
    assert "imports only when somebody says so" in text_of(operator.get(address))
    chosen = text_of(operator.get(f"{address}preview/?schedule={schedule.pk}"))
    assert "Every day at 02:00, Europe/Berlin" in chosen
    assert len(re.findall(r"02:00 CES?T", chosen)) == 5
    answer = operator.post(address, {"schedule": schedule.pk})
    assert answer["Location"] == f"/inventory-systems/?selected={contoso.pk}"
    assert Connection.objects.get().schedule == schedule
    page = operator.get("/inventory-systems/").content.decode()
    assert f'href="/scheduling/{schedule.pk}/"' in page
    assert "Schedule…" in page
    operator.post(address, {"schedule": "none"})
    assert Connection.objects.get().schedule is None
    actions = AuditEntry.objects.filter(action__startswith="connection.").values_list("action", flat=True)
    assert list(actions.order_by("pk")) == ["connection.scheduled", "connection.unscheduled"]


@pytest.mark.parametrize("wanted", ["", "987654", "-1", "9" * 30, "x"])
def test_a_schedule_that_is_gone_is_told_and_changes_nothing(
    operator: Client, wanted: str, home: object
) -> None:
    contoso = connect("Contoso", nightly())
    address = f"/inventory-systems/{contoso.pk}/schedule/"
    assert "That schedule is gone" in text_of(operator.post(address, {"schedule": wanted}, follow=True))
    contoso.refresh_from_db()
    assert contoso.schedule is not None
    assert operator.get(f"{address}preview/?schedule={wanted}").status_code == 200


def test_a_schedule_that_is_made_for_a_connection_is_offered_to_it(operator: Client, home: object) -> None:
    contoso = connect("Contoso")
    answer = operator.post(f"/scheduling/new/?connection={contoso.pk}", TYPED)
    schedule = Schedule.objects.get()
    assert answer["Location"] == f"/inventory-systems/{contoso.pk}/schedule/?schedule={schedule.pk}"
    assert f'<option value="{schedule.pk}" selected>' in operator.get(answer["Location"]).content.decode()


def test_several_connections_are_added_at_once(operator: Client, home: object) -> None:
    schedule, other = nightly(), nightly("Other")
    numbers = [connect("Contoso").pk, connect("Fabrikam", other).pk]
    connect("Northwind", schedule)
    address = f"/scheduling/{schedule.pk}/connections/"
    page = text_of(operator.get(address))
    assert "Contoso" in page
    assert "Northwind" not in page
    answer = operator.post(address, {"connection": [*numbers, "x", "9" * 30]}, follow=True)
    assert "2 connections run on “Every night” now." in text_of(answer)
    assert schedule.connections.count() == 3
    assert "No other connection" in text_of(operator.get(address))


def test_the_list_of_connections_sorts_by_schedule_and_next_run(operator: Client, home: object) -> None:
    early = nightly("Early", rule=read_rule("minutes", {"every": 5}))
    late = nightly("Late")
    connect("a", late)
    connect("b")
    connect("c", early)
    connect("d", early, enabled=False)
    for sort, names in {"schedule": "cdab", "-schedule": "acdb", "next_run": "cabd"}.items():
        page = operator.get(f"/inventory-systems/?sort={sort}").content.decode()
        assert "".join(re.findall(r'<a class="fw-medium" href="[^"]+">([^<]+)</a>', page)) == names
    assert re.findall(
        r'fw-medium" href="[^"]+">([^<]+)<', operator.get("/inventory-systems/?q=early").content.decode()
    ) == [
        "c",
        "d",
    ]


def test_what_was_skipped_is_told_on_the_schedule_and_the_connection(operator: Client, queue: None) -> None:
    schedule = nightly()
    contoso = connect("Contoso", schedule)
    now = datetime.now(UTC)
    dispatcher = Dispatcher(lambda _: None)
    for hour in range(2):
        Schedule.objects.update(next_run_at=now + timedelta(hours=hour))
        dispatcher.look(now + timedelta(hours=hour))
    run = ImportRun.objects.get()
    told = f"It was skipped, because import {run.pk} was still queued"
    for address in ("/scheduling/", f"/scheduling/{schedule.pk}/", f"/inventory-systems/{contoso.pk}/"):
        assert told in text_of(operator.get(address)), address


def test_a_time_that_nobody_looked_at_is_told(viewer: Client, home: object) -> None:
    schedule = nightly()
    Schedule.objects.update(next_run_at=datetime.now(UTC) - timedelta(hours=1))
    assert "no worker is running" not in text_of(viewer.get("/scheduling/"))
    connect("Contoso", schedule)
    for address in ("/scheduling/", f"/scheduling/{schedule.pk}/"):
        assert "no worker is running" in text_of(viewer.get(address))


def test_what_a_connection_that_comes_later_did_not_miss_is_not_made_up_for(home: object) -> None:
    schedule = nightly()
    Schedule.objects.update(next_run_at=datetime.now(UTC) - timedelta(hours=1))
    assign(connect("Contoso"), schedule)
    schedule.refresh_from_db()
    assert schedule.next_run_at is not None
    assert schedule.next_run_at > datetime.now(UTC)


def test_viewers_read_and_change_nothing(viewer: Client, home: object) -> None:
    schedule = nightly()
    contoso = connect("Contoso", schedule)
    page = viewer.get(f"/scheduling/{schedule.pk}/").content.decode()
    assert "Run now" not in page
    assert "Edit…" not in page
    for address in (
        f"/scheduling/{schedule.pk}/run/",
        f"/scheduling/{schedule.pk}/enable/",
        f"/scheduling/{schedule.pk}/delete/",
        f"/scheduling/{schedule.pk}/edit/",
        f"/scheduling/{schedule.pk}/connections/",
        f"/inventory-systems/{contoso.pk}/schedule/",
        "/scheduling/new/",
        "/scheduling/preview/",
    ):
        assert viewer.post(address).status_code == 403
    assert Schedule.objects.exists()
    assert not ImportRun.objects.exists()


def test_hostile_names_stay_text(operator: Client, home: object) -> None:
    schedule = nightly(HOSTILE)
    connect("Contoso", schedule)
    set_enabled(schedule, enabled=False)
    for address in (
        "/scheduling/",
        f"/scheduling/{schedule.pk}/",
        f"/scheduling/{schedule.pk}/edit/",
        f"/scheduling/{schedule.pk}/delete/",
        "/inventory-systems/",
        "/inventory-systems/1/",
        "/inventory-systems/1/schedule/",
    ):
        page = operator.get(address).content.decode()
        assert "onerror" in page
        assert HOSTILE not in page
