"""Users, their assignments and what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.collection.package.schemas import ASSIGNED_LICENSES, SCHEMAS
from seatbeacon.inventory.errors import BadPackageData
from seatbeacon.inventory.importing.faults import LINE_SIZE, reading_file
from seatbeacon.inventory.importing.merge import Merge

if TYPE_CHECKING:
    from seatbeacon.inventory.importing.context import Context
    from seatbeacon.inventory.result import Counts

USERS = Merge(
    "users",
    "users_stage",
    keys=("user_no",),
    columns=(
        "id", "user_principal_name", "display_name", "given_name", "surname", "mail", "other_mails",
        "proxy_addresses", "account_enabled", "user_type", "created_at", "department", "job_title",
        "company_name",
        "country", "city", "office_location", "usage_location", "employee_id", "employee_type",
        "cost_center",
        "on_premises_sync_enabled", "external_user_state", "last_password_change_at", "manager_id",
        "manager_name",
        "manager_user_principal_name",
    ),
    extras=("line_hash", "set_no", "last_activity_date", "active_since", "used", "search_text"),
    scope="c.user_no IN (SELECT user_no FROM touched)",
)  # fmt: skip
ASSIGNMENTS = Merge(
    "assignments",
    "assignments_stage",
    keys=("user_no", "sku_id", "source", "group_id"),
    columns=("state", "error", "disabled_plans", "assigned_at", "counted"),
    scope="c.user_no IN (SELECT user_no FROM touched)",
)


def stage(context: Context, *, decode_everything: bool) -> tuple[int, int]:
    """Read users.ndjson into temporary tables; answers the users there were before, and how many of them
    are gone.

    Lines that the previous version was made from are recognised by their hash and not decoded, unless
    `decode_everything`. Raises `BadPackageData` with the line that cannot be read.
    """
    sql = context.sql("users")
    path = context.path("users")
    # The products held stay text: few different ones are held by many users, and each is decoded once.
    columns = SCHEMAS["users"].columns | {"assignedLicenses": "JSON"}
    structure = msgspec.json.encode(columns).decode()
    values: dict[str, Any] = {"path": path, "structure": structure, "line_size": LINE_SIZE}
    with reading_file(path, sql):
        if decode_everything:
            sql.run("no_lines")
            sql.run("decode_all", **values)
        else:
            sql.run("match_lines", **values)
            sql.run("decode_changed", **values)
            sql.run("drop_text")
    if sql.count("without_id"):
        line = sql.count("bad_line", **values)
        raise BadPackageData(
            f"Line {line} of users.ndjson is no user: it has no id.", "Collect again.", file=path, line=line
        )
    _stage_sets(context)
    sql.run("arrivals", base=sql.count("base"))
    if sql.count("repeated"):
        _keep_the_last_line_of_each(context, values)
    sql.run("touched")
    sql.run("upns")
    context.new_names = context.first or bool(sql.count("new_names"))
    before, context.gone = sql.one("touched_counts")
    return before, context.gone


def _keep_the_last_line_of_each(context: Context, values: dict[str, Any]) -> None:
    sql, order = context.sql("users"), context.sql("directory")
    order.run("keep_order")
    sql.run("line_order", **values)
    order.run("any_order")
    for step in ("last_arrivals", "keep_last_arrivals"):
        sql.run(step)


def _stage_sets(context: Context) -> None:
    sql = context.sql("users")
    structure = msgspec.json.encode([ASSIGNED_LICENSES.removesuffix("[]")]).decode()
    for step in ("raw_sets", "set_entries", "set_keys", "new_sets", "sets_of_raw", "sets_stage", "held_skus"):
        sql.run(step, structure=structure)


def stage_assignments(context: Context) -> None:
    """From the decoded users to how each product came to them, in a temporary table."""
    sql = context.sql("users")
    sql.run("assignments_stage")
    if sql.count("repeated_assignments"):
        sql.run("assignments_once")


def merge_assignments(context: Context) -> Counts:
    """Take in who came, the sets of products that they hold, and how each came to them."""
    sql = context.sql("users")
    sql.run("add_people")
    sql.run("add_sets")
    return ASSIGNMENTS.run(context)


def merge_users(context: Context) -> Counts:
    """Take in the users themselves. After usage, because a row carries what is known of activity."""
    sql = context.sql("users")
    # Asked twice over a version before: written down where it is little, which a first import's is not.
    sql.run("users_stage", {"kind": "VIEW" if context.first else "TABLE"})
    counts = USERS.run(context)
    if not context.first:
        sql.run("refresh_lines")
        sql.run("refresh_activity")
    return counts
