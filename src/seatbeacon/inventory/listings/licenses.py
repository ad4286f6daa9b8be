"""Licenses: what was bought, what is assigned, and whether its holders are active."""

from __future__ import annotations

from seatbeacon.inventory.listings import past
from seatbeacon.inventory.listings.declaration import Column, Join, Listing


def _counted(name: str) -> str:
    """A product's daily count as of the moment."""
    return f"max(value) FILTER (name = '{name}') AS {name}"


_ASSIGNED = (
    f"(SELECT sku_id, count(DISTINCT user_no) AS assigned FROM {past.at('assignments')} WHERE counted "
    "GROUP BY sku_id)"
)
_PAST = (
    "(SELECT sku_id, coalesce(l.sku_part_number, n.sku_part_number, sku_id) AS sku_part_number, "
    "coalesce(n.product_name, l.sku_part_number, sku_id) AS product_name, coalesce(l.applies_to, 'User') "
    "AS applies_to, l.status, coalesce(l.purchased, 0) AS purchased, coalesce(h.assigned, 0) AS assigned, "
    "coalesce(l.purchased, 0) - coalesce(h.assigned, 0) AS available, coalesce(l.warning, 0) AS warning, "
    "coalesce(l.suspended, 0) AS suspended, coalesce(l.locked_out, 0) AS locked_out, "
    "NULL::DATE AS report_refresh_date "
    f"FROM {past.at('licenses')} l FULL JOIN {_ASSIGNED} h USING (sku_id) "
    f"LEFT JOIN product_names n USING (sku_id)) l"
)

LICENSES = Listing(
    name="licenses",
    label="Licenses",
    about="Every product: what was bought, what is assigned, and whether its holders are active.",
    source="license_summary l",
    as_of=_PAST,
    joins=(
        Join(
            "c",
            "",
            as_of="LEFT JOIN (SELECT key AS sku_id, "
            f"{', '.join(map(_counted, ('active_90', 'inactive_90', 'never_active')))} FROM daily_counts "
            f"WHERE date = {past.DAY} GROUP BY key) c ON c.sku_id = l.sku_id",
        ),
        Join(
            "b",
            "",
            as_of="LEFT JOIN (SELECT sku_id, min(next_lifecycle_at)::DATE AS renewal_date FROM "
            f"{past.at('subscriptions')} WHERE status IN ('Enabled', 'Warning') GROUP BY sku_id) b "
            "ON b.sku_id = l.sku_id",
        ),
    ),
    columns=(
        Column("sku_id", "Product id", sql="l.sku_id", default_visible=False),
        Column("sku_part_number", "Part number", sql="l.sku_part_number", role="license", target="sku_id"),
        Column("product_name", "Product", sql="l.product_name", role="license", target="sku_id"),
        Column("purchased", "Purchased", "number", sql="l.purchased", summed=True),
        Column("assigned", "Assigned", "number", sql="l.assigned", summed=True),
        Column("available", "Available", "number", sql="l.available", summed=True),
        Column("warning", "In grace", "number", sql="l.warning", default_visible=False, summed=True),
        Column("suspended", "Suspended", "number", sql="l.suspended", default_visible=False, summed=True),
        Column("locked_out", "Locked out", "number", sql="l.locked_out", default_visible=False, summed=True),
        Column("status", "Status", sql="l.status", groupable=True),
        Column("applies_to", "For", sql="l.applies_to", default_visible=False, groupable=True),
        Column("renewal_date", "Renewal", "date", sql="l.renewal_date", as_of="b.renewal_date"),
        Column(
            "active_90", "Active in 90 days", "number", sql="l.active_90", as_of="c.active_90", summed=True
        ),
        Column(
            "inactive_90",
            "Inactive for 90 days",
            "number",
            sql="l.inactive_90",
            as_of="c.inactive_90",
            summed=True,
        ),
        Column(
            "never_active",
            "Never active",
            "number",
            sql="l.never_active",
            as_of="c.never_active",
            summed=True,
        ),
        Column(
            "report_refresh_date",
            "Activity as of",
            "date",
            sql="l.report_refresh_date",
            default_visible=False,
        ),
    ),
    search=("sku_part_number", "product_name", "sku_id"),
    default_sort=("-assigned", "sku_part_number"),
    keys=("sku_id",),
)
