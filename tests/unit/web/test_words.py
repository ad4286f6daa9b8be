from __future__ import annotations

from datetime import timedelta

import pytest

from seatbeacon.beacon.models import RunState
from seatbeacon.collection.package.manifest import Outcome
from seatbeacon.web.words import OUTCOMES, STATES, long_duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.42, "0.4 s"),
        (42, "42 s"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
        (273_600, "3 d 4 h"),
        (-5, "0.0 s"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert long_duration(timedelta(seconds=seconds)) == words


def test_every_state_and_outcome_has_a_look() -> None:
    assert set(STATES) == set(RunState.values)
    assert {outcome.value for outcome in Outcome} <= set(OUTCOMES)
