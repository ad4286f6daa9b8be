"""Asking Graph what a plan wants to know, once for all datasets that list users."""

from __future__ import annotations

import itertools
import threading
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.datasets import BY_NAME
from seatbeacon.collection.lanes import FIRST, Halt, Lanes, run_all
from seatbeacon.collection.readers.reading import NO_COUNT
from seatbeacon.collection.sharding.plan import Answer, Ask, Plan, plan_shards
from seatbeacon.collection.sharding.shard import WHOLE, starts_with

if TYPE_CHECKING:
    from seatbeacon.graph.client import GraphClient
_MOST_EMPTY_PAGES = 3  # a page of names may be empty and go on; names are a help, not a need


class _Named(msgspec.Struct):
    name: str | None = msgspec.field(default=None, name="userPrincipalName")


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_NAMED = msgspec.json.Decoder(_Named)


class Planner:
    """Makes the plan when it is first asked for; others wait for it and share it."""

    def __init__(self, client: GraphClient, lanes: Lanes, halt: Halt) -> None:
        """Nothing is asked yet."""
        self._client = client
        self._lanes = lanes
        self._halt = halt
        self._users = BY_NAME["users"]
        self._lock = threading.Lock()
        self._plan: Plan | None = None

    def plan(self) -> Plan:
        """How to read all users. Without `$count`, or where a filter is refused, as one part.

        Raises GraphError where Graph cannot be asked at all.
        """
        with self._lock:
            if self._plan is None:
                self._plan = self._make()
            return self._plan

    def _make(self) -> Plan:
        known: dict[str, int] = {}
        asking = plan_shards(self._lanes.count)
        try:
            ask = next(asking)
            while True:
                ask = asking.send(self._answer(ask, known))
        except StopIteration as end:
            plan: Plan = end.value
            return plan
        except NO_COUNT:
            return Plan(known.get(""), (WHOLE,))

    def _answer(self, ask: Ask, known: dict[str, int]) -> Answer:
        """Everything that is asked, at once; counts also go into `known` as they come."""
        names: dict[str, tuple[str, ...]] = {}
        halt = Halt(self._halt)
        jobs = [
            *(partial(self._count, prefix, known, halt) for prefix in ask.counts),
            *(partial(self._names, prefix, names, halt) for prefix in ask.names),
        ]
        run_all(jobs, workers=min(self._lanes.count, len(jobs)), halt=halt, name="plan")
        return Answer({prefix: known[prefix] for prefix in ask.counts}, names)

    def _count(self, prefix: str, into: dict[str, int], halt: Halt) -> None:
        request = self._users.count_request(starts_with(prefix) if prefix else None)
        halt.check()
        with self._lanes.lane(FIRST):
            into[prefix] = self._client.count(request.path, headers=request.headers)

    def _names(self, prefix: str, into: dict[str, tuple[str, ...]], halt: Halt) -> None:
        request = self._users.names_request(starts_with(prefix) if prefix else None)
        pages = self._client.pages(request.path, headers=request.headers)
        found: tuple[str, ...] = ()
        for _ in itertools.repeat(None, _MOST_EMPTY_PAGES):
            halt.check()
            with self._lanes.lane(FIRST):
                page = next(pages, None)
            if page is None:
                break
            named = (_NAMED.decode(item).name for item in page.items)
            if found := tuple(name for name in named if name):
                break
        into[prefix] = found
