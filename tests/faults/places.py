"""Where a fault can be put: every request of a run, and what is read again because of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from seatbeacon.collection.datasets import DATASETS, Dataset, Kind
from seatbeacon.simulator.faults import FOR_GOOD, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seatbeacon.simulator.journal import Entry

_PAGE_TOKEN = re.compile(r"[&?]\$skiptoken=.*")
_TICKET = re.compile(r"^/data/download/get\w+?-\d+-")
_PERIOD = re.compile(r"period='D(\d+)'")


@dataclass(frozen=True, slots=True)
class Place:
    """The request number `at` among those that `match` fits, of the datasets `datasets` (none: sign-in)."""

    role: str
    match: str
    at: int
    target: str
    datasets: tuple[str, ...]

    @property
    def paged(self) -> bool:
        """Whether the answer is a page of a listing that goes on."""
        return self.role == "graph" and any(
            part in self.target
            for part in ("/users?", "/groups?", "/servicePrincipals", "/directory/subscriptions")
        )

    @property
    def probing(self) -> bool:
        """Whether it asks for names to plan with, or whether something may be read: not for data."""
        return "$select=userPrincipalName" in self.target or "signInActivity" in self.target

    @property
    def chain(self) -> object:
        """The requests that follow one another, of which it is one: a report's, or the pages of a listing, of
        what one object has, or of a part of the users."""
        return self.datasets if self.role == "download" or "/reports/" in self.target else self.match

    def fault(self, kind: str, *, for_good: bool = False, times: int = 1, **options: Any) -> Fault:
        """The fault `kind` here: so many times, or from here on."""
        times = FOR_GOOD if for_good else times
        return Fault(kind=kind, match=self.match, at=self.at, times=times, role=self.role, **options)

    def __str__(self) -> str:
        return f"{self.role} {self.target[:90]} #{self.at}"


def places(entries: Iterable[Entry]) -> list[Place]:
    """Every request of a run, in an order that is the same each time."""
    targets = Counter((entry.role, _without_token(entry.role, unquote(entry.target))) for entry in entries)
    return [
        Place(role, _pattern(role, target), at, target, _datasets(role, target))
        for (role, target), count in sorted(targets.items())
        for at in range(1, count + 1)
    ]


def rounds(places: Iterable[Place]) -> list[list[Place]]:
    """All places, in as few rounds as can be in which each is of another chain: a fault at one of them that
    passes leaves the others as they are, so that one run meets a whole round."""
    chains: defaultdict[object, list[Place]] = defaultdict(list)
    for place in places:
        chains[place.chain].append(place)
    return [[place for place in each if place] for each in zip_longest(*chains.values())]


def _without_token(role: str, target: str) -> str:
    if role == "download" and (ticket := _TICKET.match(target)):
        return ticket[0]
    return _PAGE_TOKEN.sub("", target)


def _pattern(role: str, target: str) -> str:
    end = "" if role == "download" else r"(?:[&?]\$skiptoken=|$)"
    return f"^{re.escape(target)}{end}"


def _datasets(role: str, target: str) -> tuple[str, ...]:
    if role == "login":
        return ()
    if role == "graph" and target.startswith("/v1.0/users") and "reports" not in target:
        if "signInActivity" in target:
            return ("signInActivity",)
        return ("users",)
    if target.startswith("/v1.0/servicePrincipals?"):
        return ("servicePrincipals", "appRoleAssignedTo")
    return tuple(dataset.name for dataset in DATASETS if _is_of(dataset, role, target))


def _is_of(dataset: Dataset, role: str, target: str) -> bool:
    path = dataset.request(parent_id="x").path.partition("?")[0]
    if role == "download":
        function = re.search(r"reports/(get\w+)", path)
        period = _PERIOD.search(path)
        return (
            function is not None and target == f"/data/download/{function[1]}-{period[1] if period else 0}-"
        )
    if dataset.kind is Kind.PER_OBJECT:
        return target.partition("?")[0].endswith("/appRoleAssignedTo")
    return target.partition("?")[0] == f"/v1.0{path}"
