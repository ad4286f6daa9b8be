"""Who is silent is told by a steady clock and by counts, whatever the clocks on the walls do."""

from __future__ import annotations

from seatbeacon.beacon.runs.lookout import Lookout

LEASE = 60.0


class Clock:
    """A steady clock."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_who_stands_still_for_a_lease_is_silent_and_nobody_else() -> None:
    clock = Clock()
    lookout = Lookout(LEASE, clock)
    found = []
    for look in range(8):
        found.append(lookout.look({"dead": 5, "alive": look}))
        clock.now += 10
    assert found == [[], [], [], [], [], [], ["dead"], ["dead"]]


def test_a_beat_begins_the_time_anew() -> None:
    clock = Clock()
    lookout = Lookout(LEASE, clock)
    for beats in (1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2):
        assert lookout.look({"slow": beats}) == []
        clock.now += 10
    assert lookout.look({"slow": 2}) == ["slow"]


def test_a_long_pause_of_the_one_who_looks_makes_nobody_silent() -> None:
    clock = Clock()
    lookout = Lookout(LEASE, clock)
    lookout.look({"paused with us": 1})
    # The machine slept, or the database was away for an hour.
    clock.now += 3600
    assert lookout.look({"paused with us": 1}) == []
    clock.now += 10
    assert lookout.look({"paused with us": 2}) == []


def test_who_comes_back_under_the_same_name_is_looked_at_anew() -> None:
    clock = Clock()
    lookout = Lookout(LEASE, clock)
    for _ in range(6):
        lookout.look({"one": 1})
        clock.now += 10
    lookout.look({})
    clock.now += 10
    assert lookout.look({"one": 1}) == []
