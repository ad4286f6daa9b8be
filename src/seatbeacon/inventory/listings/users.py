"""Users: every account of the directory, disabled ones and guests included."""

from __future__ import annotations

from seatbeacon.inventory.listings.declaration import Column, Listing

USERS = Listing(
    name="users",
    label="Users",
    source="users",
    columns=(
        Column("id", "Id", visible=False),
        Column("user_principal_name", "User principal name"),
        Column("display_name", "Name"),
        Column("mail", "Mail", visible=False),
        Column("department", "Department"),
        Column("job_title", "Job title", visible=False),
        Column("country", "Country", visible=False),
        Column("usage_location", "Usage location", visible=False),
        Column("account_enabled", "Enabled", "boolean"),
        Column("user_type", "Type"),
        Column("created_at", "Created", "time", visible=False),
        Column("licenses", "Licenses", "texts"),
        Column("license_count", "License count", "number", visible=False),
        Column("last_activity_date", "Last activity", "date"),
        Column("given_name", "First name", visible=False),
        Column("surname", "Last name", visible=False),
        Column("other_mails", "Other mails", "texts", visible=False),
        Column("company_name", "Company", visible=False),
        Column("city", "City", visible=False),
        Column("office_location", "Office", visible=False),
        Column("employee_id", "Employee id", visible=False),
        Column("employee_type", "Employee type", visible=False),
        Column("manager_id", "Manager id", visible=False),
        Column("manager_name", "Manager", visible=False),
        Column("on_premises_sync_enabled", "Synchronised", "boolean", visible=False),
        Column("external_user_state", "Invitation", visible=False),
        Column("last_password_change_at", "Password changed", "time", visible=False),
    ),
    search=("user_principal_name", "display_name", "mail", "department", "job_title", "employee_id"),
    default_sort=("user_principal_name",),
    keys=("id",),
)
