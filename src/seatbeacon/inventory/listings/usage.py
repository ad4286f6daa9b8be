"""Usage: what is known of a user's activity in an application, on a platform."""

from __future__ import annotations

from seatbeacon.inventory.listings.declaration import Column, Listing

USAGE = Listing(
    name="usage",
    label="Usage",
    source="usage g JOIN users u USING (user_no) JOIN slots s USING (slot)",
    columns=(
        Column("user_id", "User id", sql="u.id", default_visible=False),
        Column("user_principal_name", "User principal name", sql="u.user_principal_name"),
        Column("display_name", "Name", sql="u.display_name", default_visible=False),
        Column("department", "Department", sql="u.department", default_visible=False),
        Column("application", "Application", sql="s.application"),
        Column("platform", "Platform", sql="s.platform"),
        Column("last_activity_date", "Last activity", "date", sql="g.last_activity_date"),
        Column("active_within_days", "Active within days", "number", sql="g.active_within_days"),
        Column("active_since", "Active on or after", "date", sql="g.active_since", default_visible=False),
        Column("report_refresh_date", "As of", "date", sql="g.report_refresh_date"),
    ),
    search=("user_principal_name", "display_name", "application"),
    default_sort=("user_principal_name", "application", "platform"),
    keys=("user_id", "application", "platform"),
)
