"""Who holds which product, how it came, and what is switched off in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seatbeacon.simulator.population.dice import FIRST_ORDINAL, SCALE, guid, moment
from seatbeacon.simulator.population.products import BY_PART, GONE, PLANS, UNKNOWN_SKU, applications_of
from seatbeacon.simulator.population.users import Kind, SimUser, license_changed, license_turns

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_TEAMS = (PLANS["TEAMS1"], PLANS["YAMMER_ENTERPRISE"], PLANS["VIVAENGAGE_CORE"])
_OFF = (
    (PLANS["SWAY"],),
    (PLANS["YAMMER_ENTERPRISE"], PLANS["VIVAENGAGE_CORE"]),
    (PLANS["EXCHANGE_S_ENTERPRISE"],),
    (PLANS["SHAREPOINTENTERPRISE"], PLANS["SHAREPOINTWAC"]),
    (PLANS["TEAMS1"],),
    (PLANS["YAMMER_ENTERPRISE"],),
)
"""What administrators switch off in a directly assigned E3 or E5."""

GROUPS: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    ("LIC Microsoft 365 E5", (("SPE_E5", ()),)),
    ("LIC Microsoft 365 E3", (("SPE_E3", (PLANS["SWAY"],)),)),
    ("LIC Microsoft 365 E3 – Betriebsrat, ohne Teams", (("SPE_E3", _NO_TEAMS),)),
    ("LIC Microsoft 365 F3", (("SPE_F1", ()),)),
    ("LIC Fabric (Free)", (("POWER_BI_STANDARD", ()),)),
    ("=LIC Copilot pilot", (("Microsoft_365_Copilot", ()),)),
    ("LIC Office 365 E3 + EMS", (("ENTERPRISEPACK", ()), ("EMS", ()))),
    ("LIC Apps for enterprise", (("OFFICESUBSCRIPTION", ()),)),
    ("LIC Project", (("PROJECTPROFESSIONAL", ()),)),
)
"""Groups that assign licenses: (name, ((part number, switched-off plans), …)).

The last was deleted: users still name it in `assignedByGroup`, and no listing shows it.
"""
E5, E3, WORKS_COUNCIL, F3, FABRIC, PILOT, OFFICE_EMS, APPS, DELETED = range(len(GROUPS))


class Way(NamedTuple):
    """One row of `licenseAssignmentStates`; `group` None means assigned directly."""

    sku_id: str
    group: int | None
    state: str
    error: str
    disabled: tuple[str, ...]
    updated: str


class Licensing(NamedTuple):
    """`assigned`: SKU id → switched-off plans, as `assignedLicenses` says it; `ways`: how each came, errors
    included."""

    assigned: dict[str, tuple[str, ...]]
    ways: list[Way]


def group_id(seed: int, group: int) -> str:
    """The object id of a licensing group."""
    return guid(seed, "license-group", group)


class _Hand:
    """Deals licenses to one user."""

    def __init__(self, user: SimUser) -> None:
        self.h = user.h
        self.ways: list[Way] = []
        self.assigned: dict[str, tuple[str, ...]] = {}
        self.located = user.usage_location is not None
        changed = license_changed(user)
        if changed:
            day = max(changed, user.created_day)
        elif user.created_day < FIRST_ORDINAL - 60:
            day = user.created_day + user.h[16] % 40
        else:
            day = user.created_day
        self.updated = moment(day, user.h[17])

    def direct(
        self, part: str, disabled: tuple[str, ...] = (), state: str = "Active", error: str = "None"
    ) -> None:
        self._deal(part, None, state, error, disabled)

    def by_group(self, group: int, state: str = "Active", error: str = "None") -> None:
        if not self.located:
            state, error = "Error", "ProhibitedInUsageLocationViolation"
        for part, disabled in GROUPS[group][1]:
            self._deal(part, group, state, error, disabled)

    def unexplained(self, part: str) -> None:
        self.assigned[BY_PART[part].sku_id] = ()

    def _deal(self, part: str, group: int | None, state: str, error: str, disabled: tuple[str, ...]) -> None:
        sku_id = BY_PART[part].sku_id
        self.ways.append(Way(sku_id, group, state, error, disabled, self.updated))
        if state != "Error":
            held = self.assigned.get(sku_id)
            self.assigned[sku_id] = (
                disabled if held is None else tuple(plan for plan in held if plan in disabled)
            )


def licensing(user: SimUser, *, copilot: bool = True, turn: int | None = None) -> Licensing:
    """The licenses of `user`: about two on average, none for guests, rooms and most shared mailboxes.

    `turn` asks for those before later changes (0: the first ones).
    """
    hand = _Hand(user)
    h = user.h
    turn = license_turns(user) if turn is None else turn
    if user.kind in (Kind.PERSON, Kind.FRONTLINE):
        _base(hand, user, (h[10] + turn * 21001) % SCALE)
        _extras(hand, copilot=copilot)
    elif user.kind is Kind.SHARED and h[18] % 8 == 0:
        hand.direct("EXCHANGESTANDARD")
    elif user.kind is Kind.ADMIN and h[18] % 2:
        hand.direct("AAD_PREMIUM_P2")
    elif user.kind is Kind.GUEST and h[18] % 40 == 0:
        hand.direct("POWER_BI_PRO")
    return Licensing(hand.assigned, hand.ways)


def _base(hand: _Hand, user: SimUser, number: int) -> None:
    """The one product, or family of products, that most work is done with."""
    share = number * 100 // SCALE
    if user.kind is Kind.FRONTLINE:
        share = 62
    next(deal for limit, deal in _BASES if share < limit)(hand)


def _e5(hand: _Hand) -> None:
    hand.by_group(E5)
    if hand.h[18] % 25 == 0:
        hand.direct("SPE_E5", _OFF[hand.h[19] % len(_OFF)])


def _e3_by_group(hand: _Hand) -> None:
    h = hand.h
    error = ("ActiveWithError", "Other") if h[18] % 50 == 1 else ()
    hand.by_group(WORKS_COUNCIL if h[19] % 9 == 0 else E3, *error)
    if h[18] % 12 == 0:
        hand.direct("ENTERPRISEPACK")


def _e3(hand: _Hand) -> None:
    h = hand.h
    hand.direct("SPE_E3", _OFF[h[19] % len(_OFF)] if h[18] % 6 == 0 else ())
    if h[18] % 30 == 5:
        hand.by_group(E3)


def _f3(hand: _Hand) -> None:
    hand.by_group(F3, *(("Error", "CountViolation") if hand.h[18] % 60 == 1 else ()))


def _office_e3(hand: _Hand) -> None:
    hand.by_group(OFFICE_EMS, *(("Error", "MutuallyExclusiveViolation") if hand.h[18] % 45 == 1 else ()))


def _e1(hand: _Hand) -> None:
    hand.direct("STANDARDPACK")
    hand.by_group(APPS)


_BASES: tuple[tuple[int, Callable[[_Hand], None]], ...] = (
    (22, _e5),
    (46, _e3_by_group),
    (62, _e3),
    (72, _f3),
    (84, _office_e3),
    (90, _e1),
    (94, lambda hand: hand.direct("EXCHANGESTANDARD")),
    (100, lambda _: None),
)
"""Below which percentage who gets what."""


def _extras(hand: _Hand, *, copilot: bool) -> None:
    """What comes on top: free products, add-ons, and what nobody remembers."""
    h = hand.h
    if h[20] % 100 < 35:
        _fabric(hand)
    if h[21] % 100 < 30:
        hand.direct("FLOW_FREE")
    _tools(hand, h[22] % 100, copilot=copilot)
    _leftovers(hand, h[23] % 200)


def _fabric(hand: _Hand) -> None:
    if hand.h[20] % 25 == 0:
        hand.unexplained("POWER_BI_STANDARD")
    elif hand.h[20] % 2:
        hand.by_group(FABRIC)
    else:
        hand.direct("POWER_BI_STANDARD")


def _tools(hand: _Hand, share: int, *, copilot: bool) -> None:
    if share < 8:
        hand.direct("POWER_BI_PRO")
    elif share < 12:
        hand.direct("VISIOCLIENT")
    elif share < 14:
        hand.direct("PROJECTPROFESSIONAL")
    elif share == 14:
        hand.by_group(DELETED)
    elif copilot and share < 30:
        hand.by_group(PILOT, *(("Error", "CountViolation") if hand.h[23] % 10 == 0 else ()))


def _leftovers(hand: _Hand, share: int) -> None:
    if share < 12:
        hand.direct("MCOMEETADV", (), *(("Error", "DependencyViolation") if share == 0 else ()))
    elif share < 15:
        hand.direct("TEAMS_EXPLORATORY")
    elif share < 18:
        hand.direct(UNKNOWN_SKU[0])
    elif share < 20:
        hand.direct("STREAM", (), "Disabled", "None")
    elif share == 20:
        hand.direct(GONE)


def entitlements(assigned: dict[str, tuple[str, ...]]) -> frozenset[str]:
    """The applications that a user's assigned licenses entitle to."""
    found: frozenset[str] = frozenset()
    for sku_id, disabled in assigned.items():
        found |= applications_of(sku_id, disabled)
    return found


def ever_entitled(user: SimUser, held: Licensing, *, copilot: bool) -> frozenset[str]:
    """The applications that `user` may use now or could before a change of licenses."""
    found = entitlements(held.assigned)
    for turn in range(license_turns(user)):
        found |= entitlements(licensing(user, copilot=copilot, turn=turn).assigned)
    return found
