from __future__ import annotations

import threading
from functools import partial

import pytest

from seatbeacon.collection.lanes import FILLING, FIRST, USUAL, Halt, Halted, Lanes, run_all


def test_no_more_than_its_lanes_are_taken_at_once() -> None:
    lanes, lock = Lanes(3), threading.Lock()
    busy, most = [0], [0]

    def job() -> None:
        with lanes.lane():
            with lock:
                busy[0] += 1
                most[0] = max(most[0], busy[0])
            with lock:
                busy[0] -= 1

    run_all([job] * 200, workers=20, halt=Halt(), name="test")
    assert 1 <= most[0] <= 3


def test_the_most_urgent_waiter_goes_next() -> None:
    lanes = Lanes(1)
    order: list[int] = []

    def wait(urgency: int) -> None:
        with lanes.lane(urgency):
            order.append(urgency)

    threads = [threading.Thread(target=wait, args=(urgency,)) for urgency in (FILLING, USUAL, FIRST, USUAL)]
    with lanes.lane():
        for number, thread in enumerate(threads, 1):
            thread.start()
            while len(lanes._waiting) < number:
                thread.join(0.001)
    for thread in threads:
        thread.join()
    assert order == [FIRST, USUAL, USUAL, FILLING]


def test_the_first_error_is_raised_and_stops_the_others() -> None:
    halt = Halt()
    done: list[int] = []

    def job(number: int) -> None:
        halt.check()
        if number == 5:
            raise ValueError("five")
        done.append(number)

    with pytest.raises(ValueError, match="five"):
        run_all((partial(job, number) for number in range(10_000)), workers=1, halt=halt, name="test")
    assert done == [0, 1, 2, 3, 4]


def test_an_inner_group_stops_with_the_outer_one() -> None:
    outer = Halt()
    inner = Halt(outer)
    inner.check()
    outer.set()
    with pytest.raises(Halted):
        inner.check()
    with pytest.raises(Halted):
        run_all([lambda: None], workers=2, halt=inner, name="test")


def test_at_least_one_lane_is_needed() -> None:
    with pytest.raises(ValueError, match="at least one connection"):
        Lanes(0)
