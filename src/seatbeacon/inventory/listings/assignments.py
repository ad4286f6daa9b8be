"""Assignments: one row per way in which a product came to a user."""

from __future__ import annotations

from seatbeacon.inventory.listings.declaration import Column, Listing

ASSIGNMENTS = Listing(
    name="assignments",
    label="Assignments",
    source=(
        "assignments a JOIN users u USING (user_no) LEFT JOIN license_summary l USING (sku_id) "
        "LEFT JOIN license_groups g ON g.id = a.group_id"
    ),
    columns=(
        Column("user_id", "User id", sql="u.id", default_visible=False),
        Column("user_principal_name", "User principal name", sql="u.user_principal_name"),
        Column("display_name", "Name", sql="u.display_name", default_visible=False),
        Column("department", "Department", sql="u.department", default_visible=False),
        Column("account_enabled", "Enabled", "boolean", sql="u.account_enabled", default_visible=False),
        Column("sku_id", "Product id", sql="a.sku_id", default_visible=False),
        Column("sku_part_number", "Part number", sql="coalesce(l.sku_part_number, a.sku_id)"),
        Column("product_name", "Product", sql="coalesce(l.product_name, a.sku_id)"),
        Column("source", "Source", sql="a.source"),
        Column("group_id", "Group id", sql="a.group_id", default_visible=False),
        Column("group_name", "Group", sql="g.display_name"),
        Column("state", "State", sql="a.state"),
        Column("error", "Error", sql="a.error"),
        Column(
            "disabled_plans", "Plans switched off", "texts", sql="a.disabled_plans", default_visible=False
        ),
        Column("assigned_at", "Assigned since", "time", sql="a.assigned_at"),
        Column("counted", "Counted", "boolean", sql="a.counted", default_visible=False),
        Column(
            "last_activity_date", "Last activity", "date", sql="u.last_activity_date", default_visible=False
        ),
    ),
    search=("user_principal_name", "display_name", "sku_part_number", "product_name", "group_name"),
    default_sort=("user_principal_name", "sku_part_number"),
    keys=("user_id", "sku_id", "source", "group_id"),
)
