"""Applications: who may use each, and who did."""

from __future__ import annotations

from seatbeacon.inventory.listings.declaration import Column, Listing

APPLICATIONS = Listing(
    name="applications",
    label="Applications",
    source="application_summary",
    columns=(
        Column("id", "Id", default_visible=False),
        Column("application", "Application"),
        Column("kind", "Kind"),
        Column("publisher", "Publisher", default_visible=False),
        Column("entitled_users", "Entitled", "number"),
        Column("active_7", "Active in 7 days", "number"),
        Column("active_30", "Active in 30 days", "number"),
        Column("active_90", "Active in 90 days", "number"),
        Column("active_180", "Active in 180 days", "number"),
        Column("never_active", "Never active", "number"),
        Column("last_activity_date", "Last activity", "date"),
        Column("report_refresh_date", "Activity as of", "date", default_visible=False),
    ),
    search=("application", "publisher"),
    default_sort=("-active_90", "-entitled_users", "application"),
    keys=("id",),
)
