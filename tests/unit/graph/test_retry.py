"""When to try again, by arithmetic alone."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.graph.errors import Cancelled, GraphError, NotJson, ServiceUnavailable, Throttled
from seatbeacon.graph.retry import RetryPolicy, Runtime, parse_retry_after, persist

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("10", 10.0),
        (" 10 ", 10.0),
        ("2.128", 2.128),
        ("-1", 0.0),
        ("1e3", 1000.0),
        ("nan", None),
        ("inf", None),
        ("Sat, 01 Aug 2026 12:01:00 GMT", 60.0),
        ("Saturday, 01-Aug-26 12:01:00 GMT", 60.0),
        ("Sat Aug  1 12:01:00 2026", 60.0),
        ("Sat, 01 Aug 2026 11:00:00 GMT", 0.0),
        ("tomorrow", None),
        ("Sat, 99 Aug 2026 12:01:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_every_form(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_no_header_is_too_odd_to_be_read(value: str) -> None:
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or 0 <= seconds < float("inf")


@given(st.floats(min_value=0, max_value=1e6))
def test_decimals_are_read_as_they_are(seconds: float) -> None:
    assert parse_retry_after(str(seconds), NOW) == seconds


@given(st.integers(min_value=-100_000, max_value=100_000))
def test_a_date_is_read_as_the_time_until_then(seconds: int) -> None:
    header = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert parse_retry_after(header, NOW) == max(seconds, 0)


@given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
def test_a_pause_lies_between_nothing_and_the_cap(attempt: int, chance: float) -> None:
    policy = RetryPolicy(base=1.0, cap=60.0)
    assert 0 <= policy.delay(attempt, None, chance) <= min(2.0 ** (attempt - 1), 60.0)
    assert RetryPolicy(jitter=False).delay(attempt, None, chance) == min(2.0 ** min(attempt - 1, 30), 60.0)


@given(st.integers(1, 100), st.floats(1, 1e6))
def test_what_the_other_side_asks_for_is_waited_in_full(attempt: int, seconds: float) -> None:
    assert RetryPolicy().delay(attempt, seconds, 0.0) >= seconds
    assert RetryPolicy().delay(1, seconds, 0.0) == seconds


class World:
    """A clock that moves when slept on; an attempt that fails with what it is given, then returns."""

    def __init__(self, *failures: GraphError) -> None:
        self.failures = list(failures)
        self.calls = 0
        self.now = 0.0
        self.runtime = Runtime(clock=lambda: self.now, sleep=self.sleep, chance=lambda: 1.0)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def attempt(self) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "done"


def test_what_may_pass_is_tried_again() -> None:
    world = World(Throttled("a", retry_after=3), ServiceUnavailable("b"))
    waits: list[float] = []
    done = persist(
        world.attempt,
        policy=RetryPolicy(),
        runtime=world.runtime,
        on_wait=lambda _, seconds: waits.append(seconds),
    )
    assert done == "done"
    assert waits == [3, 2]
    assert world.now == 5


def test_what_cannot_pass_is_not() -> None:
    world = World(GraphError("no"))
    with pytest.raises(GraphError, match=r"^no\.$"):
        persist(world.attempt, policy=RetryPolicy(), runtime=world.runtime)
    assert world.calls == 1


def test_some_errors_are_tried_a_few_times_only() -> None:
    world = World(*(NotJson("no") for _ in range(9)))
    with pytest.raises(NotJson, match="gave up after 4 attempts"):
        persist(world.attempt, policy=RetryPolicy(), runtime=world.runtime)
    assert world.calls == 4


@given(
    st.lists(st.one_of(st.none(), st.floats(0, 500)), max_size=200),
    st.floats(0.1, 600),
    st.floats(0, 1, exclude_max=True),
)
def test_it_never_waits_longer_than_it_may(
    retry_afters: list[float | None], give_up_after: float, chance: float
) -> None:
    world = World(*(Throttled("busy", retry_after=seconds) for seconds in retry_afters))
    runtime = Runtime(clock=lambda: 0.0, sleep=world.sleep, chance=lambda: chance)
    with suppress(Throttled):
        persist(world.attempt, policy=RetryPolicy(give_up_after=give_up_after), runtime=runtime)
    assert world.now <= give_up_after


def test_a_wait_is_cut_short_when_asked_to_stop() -> None:
    world = World()

    def check() -> None:
        if world.now >= 2:
            raise Cancelled("The import was cancelled")

    runtime = Runtime(clock=lambda: world.now, sleep=world.sleep, check_cancelled=check)
    with pytest.raises(Cancelled):
        runtime.wait(3600)
    assert world.now == 2
