"""Switches and tabs as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.listings import NAMES

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.address import Asked
    from seatbeacon.web.pages.inventory.hints import Presentation, Switch
    from seatbeacon.web.pages.inventory.sight import Sight


@dataclass(frozen=True)
class ShownOption:
    """One choice and where it leads."""

    label: str
    address: str
    current: bool
    short: str = ""
    lead: str = ""


@dataclass(frozen=True)
class ShownSwitch:
    """A switch with its choices, the first of which sets none of its filters."""

    label: str
    options: tuple[ShownOption, ...]


def shown_switches(presentation: Presentation, asked: Asked) -> list[ShownSwitch]:
    """The switches of a page."""
    more = presentation.more_switches(asked.filters) if presentation.more_switches else ()
    return [_shown(switch, asked) for switch in (*presentation.switches, *more)]


def shown_tabs(presentation: Presentation, listing: str, sight: Sight) -> list[ShownOption]:
    """The tabs above a page, of the listings that there are."""
    tabs = [
        ShownOption(tab.label, sight.list_of(tab.listing, ()), tab.listing == listing)
        for tab in presentation.tabs
        if tab.listing in NAMES
    ]
    return tabs if len(tabs) > 1 else []


def _shown(switch: Switch, asked: Asked) -> ShownSwitch:
    ours = {text for option in switch.options for text in option.filters}
    rest = tuple(text for text in asked.filters if text not in ours)
    set_now = {text for text in asked.filters if text in ours}
    options = [ShownOption(switch.any_label, asked.but(filters=rest).address, not set_now)]
    options += [
        ShownOption(
            option.label,
            asked.but(filters=(*rest, *option.filters)).address,
            set(option.filters) == set_now,
            option.short,
            option.lead,
        )
        for option in switch.options
    ]
    return ShownSwitch(switch.label, tuple(options))
