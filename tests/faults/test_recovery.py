"""The whole run with each kind of fault, real importer included, and the next import after it.

Where the fault is put goes round: each kind is tried at requests of its own, so that together they try every
dataset. `test_placement.py` puts each kind at every request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.faults.command import Done, command
from tests.faults.kinds import SORTS, Sort
from tests.faults.listings import Rows, differences, listed, true_listings
from tests.faults.places import Place, places
from tests.faults.stage import NAME
from tests.faults.tables import Tables, table_differences, tables

from seatbeacon.beacon.imports.outcome import is_problem
from seatbeacon.beacon.models import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.stage import Ended, Stage

EARLIER, TODAY = 0, 30
STRIDE = 17
"""No divisor of the number of requests: places go round without repeating early."""


class Truth:
    """What an import without a fault brings."""

    def __init__(self, stage: Stage) -> None:
        tenant = stage.simulator.tenant
        self.stage = stage
        self.earlier = true_listings(tenant, EARLIER)
        self.today = true_listings(tenant, TODAY, earlier=[EARLIER])
        assert differences(listed(), self.earlier) == []
        assert stage.imported().status == 0
        assert differences(listed(), self.today) == []
        assert stage.simulator.violations == []
        self.places: list[Place] = places(stage.simulator.journal.entries)
        self.tables: Tables = tables(stage.published)
        stage.put_back()

    def place(self, sort: Sort) -> Place:
        """The next of the places that `sort` fits."""
        fitting = [place for place in self.places if sort.fits(place) and not place.probing]
        return fitting[SORTS.index(sort) * STRIDE % len(fitting)]

    def differences(self, expected: dict[str, Rows]) -> list[str]:
        """What the listings of now differ in."""
        return differences(listed(), expected)


@pytest.fixture(scope="module")
def known(stage: Stage) -> Truth:
    return Truth(stage)


@pytest.fixture
def truth(known: Truth) -> Iterator[Truth]:
    yield known
    known.stage.simulator.faults.clear()
    known.stage.put_back()


def check_told(ended: Ended, done: Done, told: str) -> None:
    """What the terminal says is what became of the run."""
    expected = {RunState.FAILED: 1, RunState.SUCCEEDED_WITH_PROBLEMS: 3, RunState.SUCCEEDED: 0}
    assert done.status == expected[ended.state], told
    assert "Traceback" not in done.err
    if done.status == 1:
        assert ended.told.split(". ")[0] in done.err, f"{told}: {done.err}"
    for name, one in ended.outcomes.items():
        if done.status == 3 and is_problem(one):
            assert name in done.err, f"{told}: {done.err}"


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort.passes is True], ids=str)
def test_a_fault_that_passes_leaves_every_listing_true(truth: Truth, sort: Sort) -> None:
    stage, place = truth.stage, truth.place(sort)
    stage.simulator.journal.clear()
    stage.simulator.faults.set([place.fault(sort.kind, **sort.options)])
    with stage.patient(sort):
        ended = stage.imported()
    assert stage.simulator.faults.shown() == 1, f"{sort} at {place}"
    stage.simulator.faults.clear()
    assert ended.state is RunState.SUCCEEDED, f"{sort} at {place}: {ended.told}"
    assert truth.differences(truth.today) == [], f"{sort} at {place}"
    stage.check_nothing_left()
    assert stage.simulator.violations == []


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_after_a_fault_that_lasts_the_next_import_shows_no_trace_of_it(truth: Truth, sort: Sort) -> None:
    stage, place = truth.stage, truth.place(sort)
    told = f"{sort} for good at {place}"
    stage.simulator.journal.clear()
    stage.simulator.faults.set([place.fault(sort.kind, for_good=True, **sort.options)])
    done = command("import", "run", NAME)
    ended = stage.ended(done.status)
    stage.simulator.faults.clear()
    stage.check_nothing_left()
    # The next import begins when somebody likes, and asks for what the last one was told to wait for.
    assert stage.simulator.violations == []
    stage.simulator.journal.clear()
    check_told(ended, done, told)
    if ended.state is RunState.FAILED:
        assert truth.differences(truth.earlier) == [], told
    else:
        required = {name: truth.today[name] for name in ("users", "assignments")}
        assert truth.differences(required) == [] or "groups" in ended.told, told
    assert stage.imported().status == 0, told
    assert truth.differences(truth.today) == [], told
    assert table_differences(tables(stage.published), truth.tables) == [], told
    stage.check_nothing_left()
    assert stage.simulator.violations == []
