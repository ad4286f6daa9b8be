"""Assignments: one row per way in which a product came to a user. Holders: one per user and product."""

from __future__ import annotations

from dataclasses import replace

from seatbeacon.inventory.listings import past
from seatbeacon.inventory.listings.declaration import Column, Few, Find, Join, Listing, Prepared
from seatbeacon.inventory.listings.users import (
    ACTIVITY,
    KIND,
    PERSON,
    PERSON_SEARCH,
    activity_columns,
    of_user,
    user_no,
)

PRODUCT = (
    Column("sku_id", "Product id", sql="a.sku_id", default_visible=False),
    Column(
        "sku_part_number",
        "Part number",
        sql="coalesce(l.sku_part_number, a.sku_id)",
        groupable=True,
        few=True,
        role="license",
        target="sku_id",
    ),
    Column(
        "product_name",
        "Product",
        sql="coalesce(l.product_name, a.sku_id)",
        groupable=True,
        few=True,
        role="license",
        target="sku_id",
    ),
)
"""The product of a row, over `a` (with a sku_id) and `l` (LICENSE)."""

LICENSE = Join(
    "l",
    "LEFT JOIN license_summary l ON l.sku_id = a.sku_id",
    as_of="LEFT JOIN product_names l ON l.sku_id = a.sku_id",
)

_PRODUCT = Find(
    "a.sku_id",
    "SELECT sku_id FROM license_summary "
    "WHERE contains(lower(concat_ws(chr(10), sku_part_number, product_name)), {word})",
)
_FEW = Few(
    "l",
    "a.sku_id",
    "(SELECT DISTINCT sku_id FROM assignments UNION SELECT sku_id FROM license_sets) a "
    "LEFT JOIN license_summary l ON l.sku_id = a.sku_id",
)
_GROUP = Find("a.group_id", "SELECT id FROM license_groups WHERE contains(lower(display_name), {word})")

_PRODUCT_THEN = (
    "SELECT sku_id FROM (SELECT sku_id FROM assignments UNION SELECT sku_id FROM assignments_history) "
    "LEFT JOIN product_names USING (sku_id) "
    "WHERE contains(lower(concat_ws(chr(10), sku_id, sku_part_number, product_name)), {word})"
)
_GROUP_THEN = (
    "SELECT id FROM (SELECT id, display_name FROM license_groups UNION ALL SELECT id, display_name FROM "
    "license_groups_history) WHERE contains(lower(display_name), {word})"
)

ASSIGNMENTS = Listing(
    name="assignments",
    label="Assignments",
    about="One row per way in which a product came to a user: directly, or through a group.",
    source="assignments a",
    as_of=f"{past.at('assignments')} a",
    joins=(
        of_user("a"),
        LICENSE,
        Join(
            "g",
            "LEFT JOIN license_groups g ON g.id = a.group_id",
            as_of=f"LEFT JOIN {past.at('license_groups')} g ON g.id = a.group_id",
        ),
        KIND,
        ACTIVITY,
    ),
    person="a.user_no",
    repeats=True,
    columns=(
        *PERSON,
        *PRODUCT,
        Column("source", "Source", sql="a.source", groupable=True, few=True),
        Column("group_id", "Group id", sql="a.group_id", default_visible=False),
        Column("group_name", "Group", sql="g.display_name", groupable=True, role="group", target="group_id"),
        Column("state", "State", sql="a.state", groupable=True, few=True),
        Column("error", "Error", sql="a.error", groupable=True),
        Column(
            "disabled_plans", "Plans switched off", "texts", sql="a.disabled_plans", default_visible=False
        ),
        Column("assigned_at", "Assigned since", "time", sql="a.assigned_at"),
        Column(
            "counted",
            "Counted",
            "boolean",
            sql="a.counted",
            default_visible=False,
            about="Whether the user holds the product through it; an assignment in error is not counted.",
        ),
        *activity_columns(),
    ),
    search=(*PERSON_SEARCH, "sku_part_number", "product_name", "group_name"),
    finds=(_PRODUCT, _GROUP),
    finds_then=(_PRODUCT_THEN, _GROUP_THEN),
    few=(_FEW,),
    tally="assignment_rows",
    default_sort=("user_principal_name", "sku_part_number"),
    keys=("user_id", "sku_id", "source", "group_id"),
    ties=(
        user_no("a"),
        Column("sku_id", "Product id", sql="a.sku_id"),
        Column("source", "Source", sql="a.source"),
        Column("group_id", "Group id", sql="a.group_id"),
    ),
)


def _ways(assignments: str, groups: str, met: str = "a.counted AND {near}") -> str:
    """One row per user and product: how the product came, over all its ways that count."""
    return (
        "(SELECT a.user_no, a.sku_id, list_sort(list(DISTINCT a.source)) AS sources, "
        "list_sort(list(DISTINCT coalesce(g.display_name, a.group_id)) FILTER (a.group_id IS NOT NULL)) "
        "AS groups, min(a.assigned_at) AS assigned_at, max(a.error) AS error, "
        # A plan is off for a user where every way in which the product came switches it off.
        "list_sort(list_reduce(list(list_transform(a.disabled_plans, lambda one: lower(one))), "
        "lambda one, other: list_intersect(one, other))) AS disabled_plans "
        f"FROM {assignments} a LEFT JOIN {groups} g ON g.id = a.group_id WHERE {met} GROUP BY ALL)"
    )


_BY_WAY = (
    "(SELECT a.user_no, a.sku_id, [a.source] AS sources, "
    "CASE WHEN a.group_id IS NOT NULL THEN [coalesce(g.display_name, a.group_id)] END AS groups, "
    "a.assigned_at, a.error FROM assignments a LEFT JOIN license_groups g ON g.id = a.group_id "
    "WHERE a.counted AND {near} AND NOT {several} UNION ALL "
    "SELECT user_no, sku_id, sources, groups, assigned_at, error FROM "
    + _ways("assignments", "license_groups", "a.counted AND {near} AND {several}")
    + ")"
)
"""The same, where only what came in several ways is put together: of a million users they are few."""

HOLDERS = Listing(
    name="holders",
    label="License holders",
    about="One row per user and product held, however it came; an assigned license each.",
    source="users u JOIN license_sets a ON a.set_no = u.set_no",
    as_of=f"{_ways(past.at('assignments'), past.at('license_groups'))} a "
    f"JOIN {past.at('users')} u ON u.user_no = a.user_no",
    joins=(
        LICENSE,
        Join(
            "w",
            f"LEFT JOIN {_ways('assignments', 'license_groups')} w "
            "ON w.user_no = u.user_no AND w.sku_id = a.sku_id",
        ),
        KIND,
        ACTIVITY,
    ),
    person="u.user_no",
    repeats=True,
    columns=(
        *PERSON,
        *PRODUCT,
        Column(
            "sources",
            "Sources",
            "texts",
            sql="w.sources",
            as_of="a.sources",
            groupable=True,
            about="How it came: direct, group, unknown.",
        ),
        Column(
            "groups",
            "Groups",
            "texts",
            sql="w.groups",
            as_of="a.groups",
            groupable=True,
            about="The groups through which it came.",
        ),
        Column("assigned_at", "Assigned since", "time", sql="w.assigned_at", as_of="a.assigned_at"),
        Column(
            "disabled_plans", "Plans switched off", "texts", sql="a.disabled_plans", default_visible=False
        ),
        Column("error", "Error", sql="w.error", as_of="a.error", default_visible=False),
        *activity_columns(visible=True),
        Column(
            "usage_location", "Usage location", sql="u.usage_location", default_visible=False, groupable=True
        ),
        Column("office_location", "Office", sql="u.office_location", default_visible=False, groupable=True),
        Column("cost_center", "Cost center", sql="u.cost_center", default_visible=False, groupable=True),
        Column("manager_id", "Manager id", sql="u.manager_id", default_visible=False),
        Column("manager_name", "Manager", sql="u.manager_name", default_visible=False, groupable=True),
    ),
    search=(*PERSON_SEARCH, "sku_part_number", "product_name"),
    finds=(_PRODUCT,),
    finds_then=(_PRODUCT_THEN,),
    few=(_FEW,),
    tally="holder_rows",
    default_sort=("user_principal_name", "sku_part_number"),
    keys=("user_id", "sku_id"),
    ties=(user_no(), Column("sku_id", "Product id", sql="a.sku_id")),
)

_OF_WAYS = frozenset({"sources", "groups", "assigned_at", "error"})
_OF_ASSIGNMENTS = replace(
    HOLDERS,
    source=f"{_BY_WAY} a",
    joins=(
        of_user("a"),
        LICENSE,
        Join("h", "JOIN license_sets h ON h.set_no = u.set_no AND h.sku_id = a.sku_id"),
        KIND,
        ACTIVITY,
    ),
    person="a.user_no",
    columns=tuple(
        replace(column, sql=f"a.{column.key}")
        if column.key in _OF_WAYS
        else replace(column, sql="h.disabled_plans")
        if column.key == "disabled_plans"
        else column
        for column in HOLDERS.columns
    ),
    ties=(user_no("a"), Column("sku_id", "Product id", sql="a.sku_id")),
)
_WAYS = "holder_ways"
_SEVERAL = (
    "user_no IN (SELECT user_no FROM assignments WHERE counted GROUP BY user_no, sku_id HAVING count(*) > 1)"
)
HOLDERS = replace(HOLDERS, instead_for=_OF_WAYS, instead=_OF_ASSIGNMENTS)
HOLDERS = replace(
    HOLDERS,
    prepared=Prepared(
        replace(HOLDERS, instead=replace(_OF_ASSIGNMENTS, source=f"{_WAYS} a")),
        ((_WAYS, f"SELECT * FROM {_BY_WAY}".replace("{near}", "TRUE").replace("{several}", _SEVERAL)),),
    ),
)
"""Sets of products tell who holds what; assignments, in what way: a question about that begins with them, or
with what was prepared of them."""
