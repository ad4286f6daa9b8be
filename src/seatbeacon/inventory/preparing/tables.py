"""What is prepared of a version, and where it stands: ROOT/<tenant id>/prepared/<version>-<digest>.duckdb.

The digest is of the version's file and of the statements, so that a file which is there goes with both.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.listings.prepared import ROWS, ROWS_MADE

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.inventory.pool import Identity

FOLDER = "prepared"
_LAYOUT = 1  # raised when the file changes in another way than by its tables
PEOPLE = "people_by_id"
APPLICATIONS = "applications_by_principal"
_SORTED = {
    PEOPLE: "SELECT id, user_no FROM people ORDER BY id",
    APPLICATIONS: "SELECT principal_id, application_id, created_at FROM application_assignments "
    "ORDER BY principal_id",
}
"""What is looked up by an id: in its order, so that most of it need not be looked at."""


@cache
def tables() -> dict[str, str]:
    """The tables by name, and the SELECT that each is made of."""
    prepared = [listing.prepared for listing in LISTINGS.values() if listing.prepared is not None]
    return {name: sql for each in prepared for name, sql in each.tables} | _SORTED | {ROWS: ROWS_MADE}


def prepared_beside(version_file: Path, identity: Identity) -> Path:
    """The file that goes with a version as it is now, whether it is there or not."""
    digest = hashlib.blake2s(f"{_statements()}{identity[3:]}".encode(), digest_size=8).hexdigest()
    return version_file.parent / FOLDER / f"{version_file.stem}-{digest}.duckdb"


@cache
def _statements() -> str:
    return repr((_LAYOUT, tables()))
