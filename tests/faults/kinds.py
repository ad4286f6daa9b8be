"""Every kind of fault, and what must come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.faults.places import Place

EVERYWHERE = frozenset({"login", "graph", "download"})
GRAPH = frozenset({"graph"})
PAGED = "paged"


@dataclass(frozen=True)
class Sort:
    """A kind of fault with its options, for `paged` ones at pages of listings alone.

    `passes`: shown once, the run must still be whole; where it is `PAGED`, only at pages of listings.
    `lasts`: shown for good, there must be places where the run is not whole, and says so.
    """

    kind: str
    options: dict[str, Any] = field(default_factory=dict)
    roles: frozenset[str] = EVERYWHERE
    paged: bool = False
    passes: bool | str = True
    lasts: bool = True

    def __str__(self) -> str:
        told = ",".join(f"{name}={value}" for name, value in self.options.items() if name != "to")
        return f"{self.kind}:{told}" if told else self.kind

    def passes_at(self, place: Place) -> bool:
        """Whether a run is whole where it shows once at `place`."""
        return place.paged and not place.probing if self.passes == PAGED else bool(self.passes)

    @property
    def alone(self) -> bool:
        """Whether a run can meet but one of them: what is refused is so on every connection, and what does
        not pass ends what comes after it."""
        return self.passes is not True or self.kind == "refused"

    def fits(self, place: Place) -> bool:
        """Whether there is such a fault at `place`."""
        return place.role in self.roles and (place.paged or not self.paged)


SORTS = (
    Sort("429"),
    Sort("429", {"retry_after": "3"}),
    Sort("429", {"retry_after": "0"}),
    Sort("429", {"retry_after": "2.128"}),
    Sort("429", {"retry_after": "date:4"}),
    Sort("500"),
    Sort("502"),
    Sort("503"),
    Sort("503", {"retry_after": "2"}),
    Sort("504"),
    Sort("504", {"retry_after": "date:2"}),
    Sort("refused", {"seconds": 0.01}),
    Sort("reset"),
    Sort("truncated"),
    Sort("truncated", {"share": 0.0}),
    Sort("truncated-gzip"),
    Sort("truncated-chunked"),
    Sort("stall", {"seconds": 1.0}),
    Sort("bad-json"),
    Sort("html"),
    Sort("login-redirect", {"to": "http://127.0.0.1:9/signin"}, roles=GRAPH),
    Sort("empty-page", roles=GRAPH, paged=True),
    Sort("foreign-link", roles=GRAPH, paged=True, passes=False),
    Sort("repeat-link", roles=GRAPH, paged=True),
    Sort("duplicates", roles=GRAPH, paged=True, lasts=False),
    Sort("early-end", roles=GRAPH, paged=True),
    Sort("401", roles=frozenset({"graph", "download"})),
    Sort("claims", roles=GRAPH),
    Sort("403", roles=frozenset({"graph", "download"}), passes=False),
    Sort("404", roles=frozenset({"graph", "download"}), passes=False),
    Sort("410", roles=GRAPH, passes=PAGED),
    Sort("expired-page", roles=GRAPH, passes=PAGED),
    Sort("aadsts", {"code": "90033"}, roles=frozenset({"login"})),
    Sort("aadsts", {"code": "700082"}, roles=frozenset({"login"}), passes=False),
)
