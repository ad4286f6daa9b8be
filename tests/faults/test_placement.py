"""A fault at every request of a run, once and for good: the run is whole, or it says what is missing.

Each run is a whole `run_import` (sign-in, collecting, verifying, publishing), except that it goes on from a
package in which the datasets that the fault cannot reach are whole already (so resuming is tested too), and
that writing the new version is left to a stand-in where the package was compared to that of a run without
faults: the same package makes the same inventory, which `test_listings.py` shows for a sample of these runs
that leave nothing out.

A fault that shows once and passes does so for each chain of requests by itself: a run meets one in every
chain, and must show them all and be whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.faults.kinds import SORTS, Sort
from tests.faults.places import rounds

from seatbeacon.simulator.faults import CONNECTION_KINDS, STATUS_KINDS

if TYPE_CHECKING:
    from tests.faults.probe import Probe


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_every_request_may_fail_once(probe: Probe, sort: Sort) -> None:
    wrong: list[str] = []
    with probe.stage.patient(sort):
        fitting = [place for place in probe.places if sort.fits(place)]
        for struck in [[place] for place in fitting] if sort.alone else rounds(fitting):
            probe.meets(sort, struck, wrong)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_every_request_may_fail_for_good(probe: Probe, sort: Sort) -> None:
    wrong: list[str] = []
    not_whole = 0
    with probe.stage.patient(sort, for_good=True):
        fitting = [place for place in probe.places if sort.fits(place)]
        # Statuses that pass and connections that break are given up by the same code, whichever lasts:
        # for good they share the places among them, several kinds at each.
        shared = sort.kind in STATUS_KINDS or sort.kind in CONNECTION_KINDS
        for place in fitting[SORTS.index(sort) % 3 :: 3] if shared else fitting:
            not_whole += not probe.meets(sort, [place], wrong, for_good=True)
    assert not wrong, "\n".join(wrong)
    assert not_whole or not sort.lasts, "it lasted, and no run noticed"


def test_an_application_that_is_missing_once_is_asked_for_again(probe: Probe) -> None:
    for place in probe.places:
        if place.datasets == ("appRoleAssignedTo",):
            ended = probe.run([place.fault("404")], place.datasets)
            assert probe.is_whole(ended), f"at {place}: {ended}"
