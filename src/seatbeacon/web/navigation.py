"""The navigation, declared once. An entry shows where its page exists and the person's role reaches it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, resolve, reverse

from seatbeacon.web.access import access_of
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from seatbeacon.web.accounts.models import User


@dataclass(frozen=True)
class Entry:
    """A page: what it is called, its icon, and the name of its route. Its role is the route's own.

    `also` are the beginnings of the addresses of further pages that belong to it.
    """

    label: str
    icon: str
    route: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Pages that belong together."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Shown:
    """An entry as one page shows it. `current` marks the page itself, or one below it."""

    label: str
    icon: str
    address: str
    current: bool


def _lists(*names: str) -> tuple[str, ...]:
    """The addresses of lists that have no entry of their own."""
    return tuple(f"/inventory/{name}/" for name in names)


GROUPS = (
    Group("", (Entry("Overview", "home", "overview"),)),
    Group(
        "Data collection",
        (
            Entry("Inventory Systems", "plug-connected", "inventory-systems"),
            Entry("Scheduling", "calendar-time", "scheduling"),
            Entry("Imports", "database-import", "imports"),
        ),
    ),
    Group(
        "Inventory",
        (
            Entry("Users", "users", "users", _lists("users")),
            Entry(
                "Applications",
                "apps",
                "applications",
                _lists("applications", "application-users", "application-assignments", "entitlements"),
            ),
            Entry(
                "Licenses",
                "license",
                "licenses",
                (
                    "/assignments/",
                    *_lists("licenses", "holders", "assignments", "groups", "subscriptions", "service-plans"),
                ),
            ),
            Entry(
                "Usage",
                "activity",
                "usage",
                _lists(
                    "usage", "usage-matrix", "copilot", "activations", "mailboxes", "onedrives", "sign-ins"
                ),
            ),
            Entry("History", "history", "history"),
        ),
    ),
    Group(
        "Optimization",
        (
            Entry("Recommendations", "wand", "recommendations"),
            Entry("Savings", "pig-money", "savings", ("/optimization/decisions/",)),
            Entry("Rules", "list-details", "rules"),
            Entry("What if", "adjustments", "what-if"),
            Entry("Chargeback", "receipt", "chargeback"),
            Entry("Prices", "coins", "prices"),
        ),
    ),
    Group(
        "Administration",
        (
            Entry("People", "users-group", "people"),
            Entry("Notifications", "bell", "notifications"),
            Entry("API tokens", "key", "api-tokens"),
            Entry("Audit log", "history", "audit-log"),
            Entry("Settings", "settings", "settings"),
        ),
    ),
)


def navigation_for(user: User, path: str) -> list[tuple[str, list[Shown]]]:
    """The groups with at least one entry for `user`; `path` is the page that shows them."""
    groups = []
    for group in GROUPS:
        shown = [
            Shown(
                entry.label, entry.icon, address, any(_leads_to(one, path) for one in (address, *entry.also))
            )
            for entry in group.entries
            for address, role in [_route(entry.route)]
            if address and role is not None and user.allows(role)
        ]
        if shown:
            groups.append((group.label, shown))
    return groups


@cache
def _route(name: str) -> tuple[str, Role | None]:
    """A route's address and role; empty where there is no such page yet."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return "", None
    role = access_of(resolve(address).func)
    return address, role if isinstance(role, Role) else None


def _leads_to(address: str, path: str) -> bool:
    return path == address if address == "/" else path.startswith(address)
