"""What is prepared of a version, and where it stands: ROOT/<tenant id>/prepared/<version>-<digest>.duckdb; of
a day that has gone by, under prepared/days/<version>-<digest>-<day>.duckdb.

The digest is of the version's file and of the statements, so that a file which is there goes with both.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings import DAY_LISTINGS, DAY_TABLES, LISTINGS
from seatbeacon.inventory.listings.prepared import ROWS, ROWS_MADE
from seatbeacon.inventory.statements import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from seatbeacon.inventory.listings import Listing
    from seatbeacon.inventory.pool import Identity

FOLDER = "prepared"
DAYS = "days"
_LAYOUT = 2  # raised when the file changes in another way than by its tables
PEOPLE = "people_by_id"
APPLICATIONS = "applications_by_principal"
_APPLICATIONS = {
    APPLICATIONS: "SELECT hash(principal_id) AS key, principal_id, application_id, created_at "
    "FROM application_assignments ORDER BY key"
}
"""What is looked up by an id: in the order of its hash, so that most of it need not be looked at."""
USE = ("use_by_platform", "use_by_department")
"""What the pages of applications tell, of all of them at once (`sql/use.sql`)."""


@cache
def tables() -> dict[str, str]:
    """The tables by name, and the SELECT that each is made of."""
    use = blocks("use")
    return _of(LISTINGS.values()) | _people("people") | _APPLICATIONS | {name: use[name] for name in USE}


@cache
def tables_of_a_day() -> dict[str, str]:
    """Those that a day's file has beside the tables of a version."""
    return _of(DAY_LISTINGS.values()) | _people("users")


def _people(of: str) -> dict[str, str]:
    return {PEOPLE: f"SELECT hash(lower(id)) AS key, user_no FROM {of} ORDER BY key"}  # noqa: S608 - a name of ours


def _of(listings: Iterable[Listing]) -> dict[str, str]:
    prepared = [listing.prepared for listing in listings if listing.prepared is not None]
    return {name: sql for each in prepared for name, sql in each.tables} | {ROWS: ROWS_MADE}


def prepared_beside(version_file: Path, identity: Identity) -> Path:
    """The file that goes with a version as it is now, whether it is there or not."""
    digest = hashlib.blake2s(f"{_statements()}{identity[3:]}".encode(), digest_size=8).hexdigest()
    return version_file.parent / FOLDER / f"{version_file.stem}-{digest}.duckdb"


def day_beside(version_file: Path, identity: Identity, day: date) -> Path:
    """The file of a day, whether it is there or not."""
    beside = prepared_beside(version_file, identity)
    return beside.parent / DAYS / f"{beside.stem}-{day}.duckdb"


@cache
def _statements() -> str:
    hashes = version("duckdb")  # another one may hash otherwise
    return repr((_LAYOUT, hashes, tables(), tables_of_a_day(), DAY_TABLES, blocks("day")))
