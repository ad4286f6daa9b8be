"""Users: every account of the directory, disabled ones and guests included."""

from __future__ import annotations

from seatbeacon.inventory.listings.declaration import Column, Listing

USERS = Listing(
    name="users",
    label="Users",
    source="users LEFT JOIN license_set_names USING (set_no)",
    columns=(
        Column("id", "Id", default_visible=False),
        Column("user_principal_name", "User principal name"),
        Column("display_name", "Name"),
        Column("mail", "Mail", default_visible=False),
        Column("department", "Department"),
        Column("job_title", "Job title", default_visible=False),
        Column("country", "Country", default_visible=False),
        Column("usage_location", "Usage location", default_visible=False),
        Column("account_enabled", "Enabled", "boolean"),
        Column("user_type", "Type"),
        Column("created_at", "Created", "time", default_visible=False),
        Column("licenses", "Licenses", "texts"),
        Column("license_count", "License count", "number", default_visible=False),
        Column("last_activity_date", "Last activity", "date"),
        Column("given_name", "First name", default_visible=False),
        Column("surname", "Last name", default_visible=False),
        Column("other_mails", "Other mails", "texts", default_visible=False),
        Column("company_name", "Company", default_visible=False),
        Column("city", "City", default_visible=False),
        Column("office_location", "Office", default_visible=False),
        Column("employee_id", "Employee id", default_visible=False),
        Column("employee_type", "Employee type", default_visible=False),
        Column("manager_id", "Manager id", default_visible=False),
        Column("manager_name", "Manager", default_visible=False),
        Column("on_premises_sync_enabled", "Synchronised", "boolean", default_visible=False),
        Column("external_user_state", "Invitation", default_visible=False),
        Column("last_password_change_at", "Password changed", "time", default_visible=False),
    ),
    search=("user_principal_name", "display_name", "mail", "department", "job_title", "employee_id"),
    default_sort=("user_principal_name",),
    keys=("id",),
)
