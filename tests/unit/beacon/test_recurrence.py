"""When schedules come due, in zones that move their clocks, and in one that does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatbeacon.beacon.errors import InvalidSchedule
from seatbeacon.beacon.schedules.kinds import plain, read_rule
from seatbeacon.beacon.schedules.recurrence import check_pace, next_runs

BERLIN, NEW_YORK, LORD_HOWE, KOLKATA = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
)
ZONES = (BERLIN, NEW_YORK, LORD_HOWE, KOLKATA, "UTC")
DAILY = {"kind": "daily"}


def local(zone: str, start: str, count: int, **fields: Any) -> list[str]:
    """The next times after `start`, both as the clock of `zone` shows them, with its offset."""
    place = ZoneInfo(zone)
    after = datetime.fromisoformat(start).replace(tzinfo=place)
    rule = read_rule(fields.pop("kind"), fields)
    found = next_runs(rule, place, after.astimezone(UTC), count)
    return [at.astimezone(place).strftime("%m-%d %H:%M%z") for at in found]


# The night in which the clock is set forward, and which time of day it skips.
FORWARD = [
    (BERLIN, "2026-03-29", "02:30", "03:00+0200"),
    (NEW_YORK, "2026-03-08", "02:30", "03:00-0400"),
    (LORD_HOWE, "2026-10-04", "02:15", "02:30+1100"),
]
# The night in which it is set back, and which time of day it shows twice; the offset is that of the first.
BACK = [
    (BERLIN, "2026-10-25", "02:30", "02:30+0200"),
    (NEW_YORK, "2026-11-01", "01:30", "01:30-0400"),
    (LORD_HOWE, "2026-04-05", "01:45", "01:45+1100"),
]


def every_kind_at(day: str, time: str) -> list[dict[str, Any]]:
    """Rules of every kind that name a time of day, each due on `day` at `time`."""
    date = datetime.fromisoformat(day)
    weekday = date.isoweekday()
    hour, minute = time.split(":")
    return [
        {"kind": "daily", "times": time},
        {"kind": "daily", "times": [time], "weekdays": [weekday]},
        {"kind": "weekly", "weekday": weekday, "times": time},
        {"kind": "monthly", "day": date.day, "times": time},
        {"kind": "cron", "expression": f"{int(minute)} {int(hour)} * * *"},
    ]


@pytest.mark.parametrize(("zone", "day", "skipped", "instead"), FORWARD)
def test_a_time_that_the_clock_skips_comes_due_at_the_next_minute_there_is(
    zone: str, day: str, skipped: str, instead: str
) -> None:
    for fields in every_kind_at(day, skipped):
        first, second = local(zone, f"{day}T00:00", 2, **fields)
        assert first == f"{day[5:]} {instead}", fields
        assert second.split()[1].startswith(skipped)


@pytest.mark.parametrize(("zone", "day", "twice", "first_pass"), BACK)
def test_a_time_that_the_clock_shows_twice_comes_due_once(
    zone: str, day: str, twice: str, first_pass: str
) -> None:
    for fields in every_kind_at(day, twice):
        first, second = local(zone, f"{day}T00:00", 2, **fields)
        assert first == f"{day[5:]} {first_pass}", fields
        assert second[:5] != first[:5]


def test_asked_within_the_second_pass_a_time_of_the_first_is_over() -> None:
    between = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 in Berlin, for the second time
    (at,) = next_runs(read_rule("daily", {"times": "02:30"}), ZoneInfo(BERLIN), between, 1)
    assert at == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_two_times_that_are_skipped_come_due_together_once() -> None:
    assert local(BERLIN, "2026-03-29T00:00", 3, **DAILY, times="02:15,02:45,03:00") == [
        "03-29 03:00+0200",
        "03-30 02:15+0200",
        "03-30 02:45+0200",
    ]


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, KOLKATA])
@pytest.mark.parametrize(
    "start", ["2026-03-07T20:00", "2026-03-28T20:00", "2026-10-24T20:00", "2026-10-31T20:00"]
)
def test_hourly_comes_due_an_hour_apart_through_both_nights(zone: str, start: str) -> None:
    place = ZoneInfo(zone)
    found = next_runs(
        read_rule("hourly", {"minute": 15}), place, datetime.fromisoformat(start).replace(tzinfo=UTC), 24
    )
    assert {after - before for before, after in pairwise(found)} == {timedelta(hours=1)}
    assert {at.astimezone(place).minute for at in found} == {15}


def test_hourly_keeps_its_minute_where_the_clock_moves_by_half_an_hour() -> None:
    assert local(LORD_HOWE, "2026-04-05T00:50", 3, kind="hourly", minute=45) == [
        "04-05 01:45+1100",
        "04-05 02:45+1030",
        "04-05 03:45+1030",
    ]


@pytest.mark.parametrize("every", [5, 7, 45, 59])
def test_every_few_minutes_has_the_same_gap_all_year(every: int) -> None:
    start = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    found = next_runs(read_rule("minutes", {"every": every}), ZoneInfo(BERLIN), start, 400)
    assert {after - before for before, after in pairwise(found)} == {timedelta(minutes=every)}
    assert found[0] > start


def test_a_cron_expression_of_minutes_goes_on_in_the_repeated_hour_as_cron_does() -> None:
    found = local(NEW_YORK, "2026-11-01T00:50", 4, kind="cron", expression="*/30 * * * *")
    assert found == ["11-01 01:00-0400", "11-01 01:30-0400", "11-01 01:00-0500", "11-01 01:30-0500"]


def test_the_ends_of_months() -> None:
    last = local(KOLKATA, "2028-01-31T12:00", 3, kind="monthly", day="last", times="02:00")
    assert last == ["02-29 02:00+0530", "03-31 02:00+0530", "04-30 02:00+0530"]
    thirty_first = local(KOLKATA, "2026-01-01T00:00", 4, kind="monthly", day=31, times="02:00")
    assert [text[:5] for text in thirty_first] == ["01-31", "03-31", "05-31", "07-31"]


def test_the_29th_of_february_comes_every_fourth_year() -> None:
    rule = read_rule("cron", {"expression": "0 3 29 2 *"})
    found = next_runs(rule, ZoneInfo(BERLIN), datetime(2026, 1, 1, tzinfo=UTC), 2)
    assert [at.date().isoformat() for at in found] == ["2028-02-29", "2032-02-29"]


@pytest.mark.parametrize(
    ("nth", "weekday", "days"),
    [
        ("first", "Monday", ["01-05", "02-02", "03-02"]),
        ("second", "tue", ["01-13", "02-10", "03-10"]),
        ("last", 7, ["01-25", "02-22", "03-29"]),
    ],
)
def test_the_nth_weekday_of_a_month(nth: str, weekday: object, days: list[str]) -> None:
    found = local(BERLIN, "2026-01-01T00:00", 3, kind="monthly", nth=nth, weekday=weekday, times="04:00")
    assert [text[:5] for text in found] == days


def test_what_comes_due_too_often_or_never_is_refused() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    for kind, fields in [
        ("cron", {"expression": "* * * * *"}),
        ("cron", {"expression": "0,58 1,2 * * *"}),
        ("daily", {"times": "23:58,00:00"}),
    ]:
        with pytest.raises(InvalidSchedule, match="more often than every 5 minutes"):
            check_pace(read_rule(kind, fields), ZoneInfo(BERLIN), now)
    with pytest.raises(InvalidSchedule, match="cannot be read"):
        read_rule("cron", {"expression": "0 0 31 2 *"})


times = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
rules = st.one_of(
    st.builds(lambda every: ("minutes", {"every": every}), st.integers(5, 59)),
    st.builds(lambda minute: ("hourly", {"minute": minute}), st.integers(0, 59)),
    st.builds(
        lambda when, days: ("daily", {"times": when, "weekdays": days}),
        st.lists(times, min_size=1, max_size=5),
        st.sets(st.integers(1, 7), min_size=1),
    ),
    st.builds(
        lambda when, day: ("weekly", {"times": when, "weekday": day}),
        st.lists(times, min_size=1, max_size=3),
        st.integers(1, 7),
    ),
    st.builds(
        lambda when, day: ("monthly", {"times": when, "day": day}),
        st.lists(times, min_size=1, max_size=3),
        st.one_of(st.integers(1, 31), st.just("last")),
    ),
    st.builds(
        lambda when, nth, day: ("monthly", {"times": when, "nth": nth, "weekday": day}),
        st.lists(times, min_size=1, max_size=3),
        st.sampled_from(["first", "second", "third", "fourth", "last"]),
        st.integers(1, 7),
    ),
)


@settings(max_examples=150, deadline=None)
@given(rule=rules, zone=zones, after=moments)
def test_times_increase_and_fit_the_fields_in_local_time(
    rule: tuple[str, dict[str, Any]], zone: str, after: datetime
) -> None:
    kind, fields = rule
    place = ZoneInfo(zone)
    found = next_runs(read_rule(kind, fields), place, after, 12)
    assert len(found) == 12
    assert all(before < at for before, at in pairwise([after, *found]))
    for at in found:
        here = at.astimezone(place)
        if kind == "hourly":
            assert here.minute == fields["minute"]
        if "times" in fields and here.strftime("%H:%M") not in fields["times"]:
            # Only at the first minute after the clock was set forward, for a time that it skipped.
            before = (at - timedelta(minutes=1)).astimezone(place)
            skipped = [before.strftime("%H:%M") < time < here.strftime("%H:%M") for time in fields["times"]]
            assert any(skipped), here
            assert here.utcoffset() != before.utcoffset()
        if "weekdays" in fields:
            assert here.isoweekday() in fields["weekdays"]
        if "weekday" in fields:
            assert here.isoweekday() == fields["weekday"]
        if isinstance(fields.get("day"), int):
            assert here.day == fields["day"]
        if fields.get("day") == "last":
            assert (here + timedelta(days=1)).day == 1
        if fields.get("nth", "last") != "last":
            assert (here.day - 1) // 7 == ["first", "second", "third", "fourth"].index(fields["nth"])


@given(rule=rules)
def test_what_is_stored_is_read_back(rule: tuple[str, dict[str, Any]]) -> None:
    read = read_rule(*rule)
    assert read_rule(rule[0], plain(read)) == read
    assert read.summary()
