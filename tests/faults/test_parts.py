"""Faults while the users are read in parts side by side, as a large tenant's are: at counts and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.faults.kinds import SORTS, Sort
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
    with parted.stage.patient(sort):
        fitting = [place for place in parted.places if sort.fits(place)]
        # A fourth of the places, another one for each kind: together they try all. For good at every fourth
        # of these: what is given up there is given up by the same code.
        for number, place in enumerate(fitting[SORTS.index(sort) % 4 :: 4]):
            for for_good in (False, True)[: 1 + (number % 4 == 0)]:
                try:
                    ended = parted.run([place.fault(sort.kind, for_good=for_good, **sort.options)], ["users"])
                    whole = parted.is_whole(ended)
                    assert parted.shown, "it was never asked for"
                    assert whole or for_good or not sort.passes_at(place), f"{ended.state}: {ended.told}"
                except AssertionError as error:
                    wrong.append(f"{sort} at {place}: {error}")
    assert not wrong, "\n".join(wrong)
