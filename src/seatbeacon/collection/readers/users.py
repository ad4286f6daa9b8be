"""Reading listings of all users: in parts side by side where there are many, and held against Graph's count.

1. The plan says how many users there are and into which disjoint parts to cut them (`planning`, `sharding`).
2. Each part is a chain of its own; few users are one part.
3. The distinct ids of all parts must number between what Graph counted before and what it counts after.
4. Otherwise, or where Graph does not take a part's filter, everything is read anew as one chain.
5. Where that does not agree either, twice, the dataset has failed: a partial reading is never a success.
6. Where Graph does not count, two readings one after the other must come to the same.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from seatbeacon.collection.errors import CountsDisagree, UnsteadyListing
from seatbeacon.collection.lanes import LONG, Halt, run_all
from seatbeacon.collection.readers.chain import read_chain
from seatbeacon.collection.readers.listing import READINGS
from seatbeacon.collection.readers.reading import Reading, Result
from seatbeacon.graph.errors import NotSupported

if TYPE_CHECKING:
    from seatbeacon.collection.sharding.plan import Plan
    from seatbeacon.collection.sharding.shard import Shard
    from seatbeacon.graph.pages import Page

CHAINS = 2
"""How often all users are read as one chain before their count is held against the listing."""
_NOT_COUNTED = "Graph does not count the users here; two readings one after the other came to the same."


def read_users(reading: Reading) -> Result:
    """Read all users with the dataset's properties. Raises GraphError, `CountsDisagree` and
    `UnsteadyListing`."""
    if reading.dataset.extra:
        _probe(reading)
    plan = reading.planner.plan()
    reading.tally.expect(plan.total)
    notes: list[str] = []
    if plan.parted:
        why_not = _read_parts(reading, plan)
        if why_not is None:
            return Result(count=reading.ids.count())
        notes.append(f"{why_not} All were read again as one chain.")
    before = None if plan.parted else plan.total
    for number in range(CHAINS):
        if number or plan.parted:
            before = reading.count(reading.dataset.count_request())
        listed = _read_chain(reading)
        if before is None:
            return _read_until_steady(reading, listed, notes)
        if _agrees(reading, before, listed):
            return Result(count=listed, notes=tuple(notes))
    raise CountsDisagree("users", counted=before or 0, listed=listed)


def _read_until_steady(reading: Reading, listed: int, notes: list[str]) -> Result:
    """Read again until two readings come to the same number; `listed` came first."""
    found = [listed]
    while len(found) < READINGS:
        found.append(_read_chain(reading))
        if found[-1] == found[-2]:
            return Result(count=found[-1], notes=(*notes, _NOT_COUNTED))
    raise UnsteadyListing("users", found)


def _read_chain(reading: Reading) -> int:
    """Read everybody anew as one chain; how many they are."""
    reading.restart()
    read_chain(reading, reading.dataset.request(), lambda page: _take(reading, page), urgency=LONG)
    return reading.ids.count()


def _probe(reading: Reading) -> None:
    """Ask for one object first: what is not allowed is then refused once, not once per part."""
    request = reading.dataset.probe_request()
    reading.halt.check()
    with reading.lanes.lane(LONG):
        next(reading.client.pages(request.path, headers=request.headers), None)


def _read_parts(reading: Reading, plan: Plan) -> str | None:
    """Read every part; why the result is not to be had or not to be believed, or None where it is good."""
    halt = Halt(reading.halt)
    jobs = [partial(_read_part, reading, part, halt) for part in plan.shards]
    try:
        run_all(jobs, workers=len(jobs), halt=halt, name=reading.dataset.name)
    except NotSupported as error:
        return f"Graph does not take the parts ({error.message})."
    listed = reading.ids.count()
    if _agrees(reading, plan.total or 0, listed):
        return None
    return f"Read in {len(jobs)} parts they came to {listed:,}, which is not what Graph counts."


def _read_part(reading: Reading, part: Shard, halt: Halt) -> None:
    request = reading.dataset.request(advanced=part.advanced, where=part.filter)
    read_chain(reading, request, lambda page: _take(reading, page), urgency=LONG, halt=halt)


def _agrees(reading: Reading, before: int, listed: int) -> bool:
    """Whether `listed` lies between Graph's counts from before and after the reading."""
    if listed == before:
        return True
    after = reading.count(reading.dataset.count_request())
    return after is not None and min(before, after) <= listed <= max(before, after)


def _take(reading: Reading, page: Page) -> None:
    reading.take(page.items)
