"""What can be listed. Each listing is declared once, in a file of its own; faces draw tables, CSV and APIs
from it."""

from __future__ import annotations

from seatbeacon.inventory.listings.applications import APPLICATIONS
from seatbeacon.inventory.listings.assignments import ASSIGNMENTS
from seatbeacon.inventory.listings.declaration import Column, Listing
from seatbeacon.inventory.listings.licenses import LICENSES
from seatbeacon.inventory.listings.usage import USAGE
from seatbeacon.inventory.listings.users import USERS

__all__ = ["LISTINGS", "Column", "Listing"]

LISTINGS: dict[str, Listing] = {
    listing.name: listing for listing in (USERS, LICENSES, ASSIGNMENTS, APPLICATIONS, USAGE)
}
"""Every listing by name, in the order in which a person reads them."""
