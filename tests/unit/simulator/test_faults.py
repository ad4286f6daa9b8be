"""Faults as they are written and counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.simulator.faults import FOR_GOOD, Fault, FaultPlan, parse_fault
from seatbeacon.simulator.reply import Request


def request(target: str = "/v1.0/users?$top=9", role: str = "graph") -> Request:
    return Request(role, "GET", target, target.partition("?")[0], (), {})


def test_a_fault_is_written_as_kind_and_options() -> None:
    assert parse_fault("429:path=/users,at=3,retry_after=2.5,times=2") == Fault(
        kind="429", match="/users", at=3, retry_after="2.5", times=2
    )
    assert parse_fault("reset") == Fault(kind="reset")
    assert parse_fault("401:times=always").times == FOR_GOOD
    assert parse_fault(r"stall:match=a\,b,seconds=0.5") == Fault(kind="stall", match="a,b", seconds=0.5)


@pytest.mark.parametrize(
    "text",
    ["", "flood", "429:at", "429:at=x", "429:at=0", "429:color=red", "reset:match=(", "503:role=moon", "999"],
)
def test_what_is_no_fault_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"fault|number|expression|count"):
        parse_fault(text)


@given(at=st.integers(1, 6), times=st.integers(1, 4), every=st.integers(0, 3))
def test_a_fault_shows_at_its_matching_requests_and_at_no_others(at: int, times: int, every: int) -> None:
    plan = FaultPlan()
    plan.add(Fault(kind="500", match="/users", at=at, times=times, every=every))
    seen = []
    for number in range(1, 21):
        assert plan.take(request("/v1.0/groups")) is None
        assert plan.take(request(role="login")) is None
        if plan.take(request()) is not None:
            seen.append(number)
    step = max(1, every)
    assert seen == [at + step * count for count in range(times) if at + step * count <= 20]


def test_the_match_is_searched_in_the_decoded_target() -> None:
    plan = FaultPlan()
    plan.add(Fault(kind="500", match=r"\$skiptoken=.*'a'"))
    assert plan.take(request("/v1.0/users?%24skiptoken=x&f=%27a%27")) is not None


def test_a_cleared_plan_shows_nothing() -> None:
    plan = FaultPlan()
    plan.add(Fault(kind="500"))
    plan.clear()
    assert plan.take(request()) is None
    assert plan.shown() == 0
