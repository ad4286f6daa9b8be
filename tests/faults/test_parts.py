"""Faults while the users are read in parts side by side, as a large tenant's are: at counts and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.faults.kinds import SORTS, Sort
from tests.faults.places import rounds
from tests.faults.probe import Probe

from seatbeacon.collection.sharding import plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.stage import Stage

LEAST_CHAINS = 4


@pytest.fixture(scope="module")
def parted(stage: Stage, memory: Path) -> Iterator[Probe]:
    """A tenant of a few users that is cut up as if it had many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "PAGE", 5)
        patch.setattr(plan, "PAGES_OF_ONE_CHAIN", 1)
        patch.setattr(plan, "WORTH_SPLITTING", 0)
        probe = Probe(stage, memory / "whole-in-parts")
        probe.prepare(patch)
        probe.places = [place for place in probe.places if place.datasets == ("users",)]
        assert sum("$filter" in place.target and place.at == 1 for place in probe.places) > LEAST_CHAINS
        yield probe


@pytest.mark.parametrize("sort", [sort for sort in SORTS if sort.kind != "aadsts"], ids=str)
def test_every_part_may_fail(parted: Probe, sort: Sort) -> None:
    wrong: list[str] = []
    fitting = [place for place in parted.places if sort.fits(place)]
    # A fourth of the places, another one for each kind: together they try all. For good at every fourth of
    # these: what is given up there is given up by the same code.
    mine = fitting[SORTS.index(sort) % 4 :: 4]
    with parted.stage.patient(sort):
        for struck in [[place] for place in mine] if sort.alone else rounds(mine):
            parted.meets(sort, struck, wrong)
    with parted.stage.patient(sort, for_good=True):
        for place in mine[::4]:
            parted.meets(sort, [place], wrong, for_good=True)
    assert not wrong, "\n".join(wrong)
