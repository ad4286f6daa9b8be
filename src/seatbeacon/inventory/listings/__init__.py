"""What can be listed. Each listing is declared once, in a file of its own; faces draw tables, CSV and APIs
from it."""

from __future__ import annotations

from seatbeacon.inventory.listings.applications import (
    APPLICATION_ASSIGNMENTS,
    APPLICATION_USERS,
    APPLICATIONS,
    ENTITLEMENTS,
)
from seatbeacon.inventory.listings.assignments import ASSIGNMENTS, HOLDERS
from seatbeacon.inventory.listings.declaration import Column, Join, Listing
from seatbeacon.inventory.listings.licenses import LICENSES
from seatbeacon.inventory.listings.past import over_a_day, table_of_a_day
from seatbeacon.inventory.listings.prepared import with_kinds, with_sums
from seatbeacon.inventory.listings.products import GROUPS, SERVICE_PLANS, SUBSCRIPTIONS
from seatbeacon.inventory.listings.reports import ACTIVATIONS, COPILOT, MAILBOXES, ONEDRIVES, SIGN_INS
from seatbeacon.inventory.listings.usage import USAGE, USAGE_MATRIX
from seatbeacon.inventory.listings.users import USERS

__all__ = ["DAY_LISTINGS", "DAY_TABLES", "LISTINGS", "Column", "Join", "Listing"]

LISTINGS: dict[str, Listing] = {
    listing.name: with_kinds(listing)
    for listing in (
        with_sums(USERS),
        LICENSES,
        ASSIGNMENTS,
        HOLDERS,
        APPLICATIONS,
        ENTITLEMENTS,
        USAGE,
        USAGE_MATRIX,
        SUBSCRIPTIONS,
        SERVICE_PLANS,
        GROUPS,
        APPLICATION_USERS,
        APPLICATION_ASSIGNMENTS,
        ACTIVATIONS,
        MAILBOXES,
        ONEDRIVES,
        COPILOT,
        SIGN_INS,
    )
}
"""Every listing by name, in the order in which a person reads them."""

DAY_LISTINGS: dict[str, Listing] = {
    name: over_a_day(listing) for name, listing in LISTINGS.items() if listing.as_of
}
"""Every listing that is told as of a day, over the tables of a file that was made of one."""

DAY_TABLES: dict[str, str] = dict(filter(None, (table_of_a_day(LISTINGS[name]) for name in DAY_LISTINGS)))
"""The tables of small listings in such a file, and the SELECT that makes each of a version."""
