"""Licenses: what was bought, what is assigned, and whether its holders are active."""

from __future__ import annotations

from seatbeacon.inventory.listings.declaration import Column, Listing

LICENSES = Listing(
    name="licenses",
    label="Licenses",
    source="license_summary",
    columns=(
        Column("sku_id", "Product id", default_visible=False),
        Column("sku_part_number", "Part number"),
        Column("product_name", "Product"),
        Column("purchased", "Purchased", "number"),
        Column("assigned", "Assigned", "number"),
        Column("available", "Available", "number"),
        Column("warning", "In grace", "number", default_visible=False),
        Column("suspended", "Suspended", "number", default_visible=False),
        Column("locked_out", "Locked out", "number", default_visible=False),
        Column("status", "Status"),
        Column("applies_to", "For", default_visible=False),
        Column("renewal_date", "Renewal", "date"),
        Column("active_90", "Active in 90 days", "number"),
        Column("inactive_90", "Inactive for 90 days", "number"),
        Column("never_active", "Never active", "number"),
        Column("report_refresh_date", "Activity as of", "date", default_visible=False),
    ),
    search=("sku_part_number", "product_name", "sku_id"),
    default_sort=("-assigned", "sku_part_number"),
    keys=("sku_id",),
)
