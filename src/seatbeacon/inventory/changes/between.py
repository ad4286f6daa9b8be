"""The changes between two moments, counted and row by row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime  # msgspec reads what is annotated
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from seatbeacon.inventory.engine import is_prepared, reading
from seatbeacon.inventory.remembered import remembered
from seatbeacon.inventory.statements import Statements

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

UserKind = Literal["joined", "left", "changed"]
AssignmentKind = Literal["gained", "lost"]

ATTRIBUTES = {
    "user_principal_name": "user principal name",
    "display_name": "name",
    "mail": "mail",
    "account_enabled": "enabled",
    "user_type": "type",
    "department": "department",
    "job_title": "job title",
    "company_name": "company",
    "country": "country",
    "city": "city",
    "office_location": "office",
    "usage_location": "usage location",
    "employee_id": "employee id",
    "employee_type": "employee type",
    "cost_center": "cost center",
    "manager_name": "manager",
    "on_premises_sync_enabled": "synchronised",
    "external_user_state": "invitation",
    "given_name": "first name",
    "surname": "last name",
    "other_mails": "other mails",
    "proxy_addresses": "mail addresses",
    "last_password_change_at": "password",
}
"""The attributes whose changes are told, in this order, and what people call them."""


@dataclass(frozen=True)
class Import:
    """An import that the inventory remembers; `at` is aware UTC, counts are of users."""

    number: int
    at: datetime
    total: int
    added: int
    removed: int
    changed: int


@dataclass(frozen=True)
class Moved:
    """How many distinct users gained and lost a product: of one product, or of one department (then they
    count once per product). `key` None: those without a department."""

    key: str | None
    name: str
    gained: int
    lost: int

    @property
    def net(self) -> int:
        """Gained less lost."""
        return self.gained - self.lost


@dataclass(frozen=True)
class Bought:
    """A product of which another number of seats is purchased; None: it was, or is, not there."""

    sku_id: str
    name: str
    before: int | None
    after: int | None

    @property
    def difference(self) -> int:
        """Seats more, or less (below zero)."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True)
class Changes:
    """Everything that changed after `since` until `until` (aware UTC), counted."""

    since: datetime
    until: datetime
    users: dict[str, int]
    licenses: tuple[Bought, ...]
    products: tuple[Moved, ...]
    departments: tuple[Moved, ...]

    @property
    def gained(self) -> int:
        """Pairs of user and product that are new."""
        return sum(one.gained for one in self.products)

    @property
    def lost(self) -> int:
        """Pairs of user and product that are gone."""
        return sum(one.lost for one in self.products)


@dataclass(frozen=True)
class ChangedUser:
    """A user who joined, left or changed; `changed` names what."""

    id: str
    display_name: str | None
    user_principal_name: str | None
    department: str | None
    changed: tuple[str, ...]


@dataclass(frozen=True)
class ChangedAssignment:
    """A user who gained or lost a product, and by which way (direct, group)."""

    user_id: str
    display_name: str | None
    user_principal_name: str | None
    department: str | None
    sku_id: str
    product_name: str
    source: str | None


@dataclass(frozen=True)
class Rows:
    """A page of rows, and how many there are in all."""

    rows: tuple[Any, ...]
    total: int


def imports_of(version_file: Path) -> list[Import]:
    """Every import that brought something into the inventory, the newest first. Raises `BadVersion`."""

    def read() -> list[Import]:
        with reading(version_file) as connection:
            return imports_in(connection)

    return list(remembered(version_file, "imports", read))


def imports_in(connection: duckdb.DuckDBPyConnection) -> list[Import]:
    """The same of a version that is open."""
    found = Statements(connection, "changes").rows("imports")
    return [Import(row[0], row[1].replace(tzinfo=UTC), *(number or 0 for number in row[2:])) for row in found]


def changes_between(version_file: Path, since: datetime, until: datetime) -> Changes:
    """What changed after the moment `since` until the moment `until`, both aware. Raises `BadVersion`.

    Both are compared with the times of imports: what an import brought, it brought at its time.
    """

    def count() -> Changes:
        kept = _kept(version_file, since, until)
        if kept is not None:
            return kept
        with reading(version_file) as connection:
            return count_changes(connection, since, until)

    # A version never changes, so the whole of a span is counted once.
    return remembered(version_file, ("changes", since, until), count)


def count_changes(connection: duckdb.DuckDBPyConnection, since: datetime, until: datetime) -> Changes:
    """The same of a version that is open."""
    span, sql = naive_span(since, until), Statements(connection, "changes")
    _find_users(sql, span)
    _find_assignments(sql, span)
    return Changes(
        since,
        until,
        {"joined": 0, "left": 0, "changed": 0} | dict(sql.rows("user_counts")),
        tuple(Bought(*row) for row in sql.rows("licenses", since=span["since"], until=span["until"])),
        tuple(Moved(*row) for row in sql.rows("assignments_by_product")),
        tuple(Moved(row[0], row[0] or "", *row[1:]) for row in sql.rows("assignments_by_department")),
    )


def question_of(since: datetime, until: datetime) -> str:
    """What the changes of a span are kept under, where they were counted beforehand."""
    return f"changes after {since.isoformat()} until {until.isoformat()}"


def _kept(version_file: Path, since: datetime, until: datetime) -> Changes | None:
    """The changes of a span that were counted when the version was prepared."""
    if not is_prepared(version_file):
        return None
    with reading(version_file) as connection:
        found = Statements(connection, "changes").run("kept", question=question_of(since, until)).fetchone()
    return msgspec.json.decode(found[0], type=Changes) if found else None


def moved_products(version_file: Path, since: datetime, until: datetime) -> tuple[Moved, ...]:
    """Gained and lost by product, as `changes_between` tells and cheaper. Raises `BadVersion`."""

    def count() -> tuple[Moved, ...]:
        kept = _kept(version_file, since, until)
        if kept is not None:
            return kept.products
        with reading(version_file) as connection:
            sql = Statements(connection, "changes")
            _find_assignments(sql, naive_span(since, until))
            return tuple(Moved(*row) for row in sql.rows("assignments_by_product"))

    return remembered(version_file, ("moved products", since, until), count)


def changed_users(
    version_file: Path, since: datetime, until: datetime, kind: UserKind, *, limit: int, offset: int = 0
) -> Rows:
    """The users who joined, left or changed, by name: `ChangedUser`s. Raises `BadVersion`."""
    with reading(version_file) as connection:
        sql = Statements(connection, "changes")
        _find_users(sql, naive_span(since, until))
        found = sql.rows("user_rows", _row_words(), kind=kind, limit=limit, offset=offset)
    rows = tuple(
        ChangedUser(row[0], row[1], row[2], row[3], tuple(ATTRIBUTES[key] for key in row[4])) for row in found
    )
    return Rows(rows, found[0][5] if found else 0)


def changed_assignments(
    version_file: Path,
    since: datetime,
    until: datetime,
    kind: AssignmentKind,
    *,
    limit: int,
    offset: int = 0,
    sku_id: str | None = None,
    department: str | None = None,
    by_department: bool = False,
) -> Rows:
    """Who gained or lost what: `ChangedAssignment`s by name. With `by_department` only those of `department`
    (None: those without one). Raises `BadVersion`."""
    with reading(version_file) as connection:
        sql = Statements(connection, "changes")
        _find_assignments(sql, naive_span(since, until))
        found = sql.rows(
            "assignment_rows",
            kind=kind,
            sku=sku_id,
            department=department,
            by_department=by_department,
            limit=limit,
            offset=offset,
        )
    return Rows(tuple(ChangedAssignment(*row[:7]) for row in found), found[0][7] if found else 0)


def _find_users(sql: Statements, span: dict[str, datetime]) -> None:
    sql.run("users", {"table": "changed_users", "columns": ", ".join(("id", *ATTRIBUTES))}, **span)


def _row_words() -> dict[str, str]:
    changed = ", ".join(f"CASE WHEN a.{key} IS DISTINCT FROM b.{key} THEN '{key}' END" for key in ATTRIBUTES)
    return {
        "columns": ", ".join(ATTRIBUTES),
        "changed": "CASE WHEN a.user_no IS NULL OR b.user_no IS NULL THEN [] "
        f"ELSE list_filter([{changed}], lambda one: one IS NOT NULL) END",
    }


def _find_assignments(sql: Statements, span: dict[str, datetime]) -> None:
    sql.run("assignments", {"table": "changed_assignments"}, **span)


def naive_span(since: datetime, until: datetime) -> dict[str, Any]:
    """Two aware moments as statements bind them: naive UTC, as DuckDB keeps times."""
    return {
        "since": since.astimezone(UTC).replace(tzinfo=None),
        "until": until.astimezone(UTC).replace(tzinfo=None),
    }
