"""How a listing is shown, declared beside the pages: what its declaration does not say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.sight import Sight

Row = Mapping[str, Any]
"""A row's values by key: of the columns shown, and of those that a hint needs."""

Draw = Callable[[Any, Row, "Sight"], str]
"""Draws a value as HTML. Everything that came from a tenant is escaped by it."""


@dataclass(frozen=True)
class Hint:
    """How a column is drawn. `needs` are the columns that `draw` reads besides its own.

    `style` are classes of the cell; `about` says in its head what a number means. `soonest` says that a click
    on its head puts the earliest day first, where other days begin with the latest.
    """

    draw: Draw | None = None
    needs: tuple[str, ...] = ()
    style: str = ""
    about: str = ""
    soonest: bool = False


@dataclass(frozen=True)
class Option:
    """One choice of a switch, and the filters it sets. `short` is shown where `lead`, before the first of
    several, says the rest."""

    label: str
    filters: tuple[str, ...]
    short: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Switch:
    """A few filters, of which one at a time is set by a click."""

    label: str
    options: tuple[Option, ...]
    any_label: str = "All"


@dataclass(frozen=True)
class Tab:
    """A page that belongs with others: the tabs above them are the same."""

    label: str
    listing: str


@dataclass(frozen=True)
class Presentation:
    """How one listing is shown. Whatever is not said here follows from the listing's declaration.

    `noun` is what a row is called, one and several. `columns` are shown, in this order, unless a reader
    chooses; none means the listing's own.
    `datasets` are those that the page tells of when one is missing or stale; a name may end with *.
    """

    icon: str
    lead: str = ""
    title: str = ""
    noun: tuple[str, str] = ("row", "rows")
    columns: tuple[str, ...] = ()
    hints: Mapping[str, Hint] = field(default_factory=dict)
    by_type: Mapping[str, Hint] = field(default_factory=dict)
    switches: tuple[Switch, ...] = ()
    more_switches: Callable[[tuple[str, ...]], tuple[Switch, ...]] | None = None
    """Switches that follow from the filters that are set."""
    tabs: tuple[Tab, ...] = ()
    datasets: tuple[str, ...] = ("users",)
    first: tuple[str, ...] = ()
    """Filters that the list opens with, which can be taken off as any other."""
    before: Hint | None = None
    """Drawn before the first value of each row, whichever column that is."""
    heat: bool = False
    """Whether the colours of the heat map are explained."""
    follow: str = ""
    """Another listing that an address is passed on to when its names are that one's."""
    empty: str = ""
    """Why there may be nothing to show, where nothing is filtered out."""
