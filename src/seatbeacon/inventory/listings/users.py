"""Users: every account of the directory, disabled ones and guests included."""

from __future__ import annotations

from seatbeacon.inventory.listings import past
from seatbeacon.inventory.listings.declaration import UNKNOWN, Column, Join, Listing

ACCOUNT_KIND = (
    "CASE WHEN k.kind LIKE '%shared%' THEN 'shared mailbox' WHEN k.kind LIKE '%room%' THEN 'room' "
    "WHEN k.kind LIKE '%equipment%' THEN 'equipment' WHEN u.user_type = 'Guest' THEN 'guest' "
    "ELSE 'member' END"
)
"""Over `u` (users) and `k` (KIND)."""

KIND = Join(
    "k",
    "LEFT JOIN (SELECT user_no, lower(recipient_type) AS kind FROM mailboxes "
    "WHERE {near} AND regexp_matches(recipient_type, 'shared|room|equipment', 'i')) k "
    "ON k.user_no = u.user_no",
)
"""The mailboxes that are not a person's: few, by the mailbox report's recipient type."""

_ACTIVITY = (
    "CASE WHEN {{refresh}} IS NULL THEN NULL WHEN {since} IS NULL THEN 'never active' "
    "WHEN {since} > {{refresh}} - 90 THEN 'active' ELSE 'inactive' END"
)
_WITHIN = (
    "CASE WHEN {since} > {{refresh}} - 7 THEN 7 WHEN {since} > {{refresh}} - 30 THEN 30 "
    "WHEN {since} > {{refresh}} - 90 THEN 90 WHEN {since} > {{refresh}} - 180 THEN 180 END"
)


def activity_columns(*, visible: bool = False) -> tuple[Column, ...]:
    """What is known of the user's activity in all applications, over `u` (users) and, as of a moment, `t`
    (ACTIVITY)."""
    since, then = "u.active_since", "t.active_since"
    return (
        Column(
            "last_activity_date",
            "Last activity",
            "date",
            sql="u.last_activity_date",
            as_of="t.last_activity_date",
            default_visible=visible,
            relative_to="{refresh}",
            about="The latest day known over all applications.",
        ),
        Column(
            "active_since",
            "Active on or after",
            "date",
            sql=since,
            as_of=then,
            default_visible=False,
            relative_to="{refresh}",
            about="A day on or after which there was activity for certain.",
        ),
        Column(
            "activity",
            "Activity",
            sql=_ACTIVITY.format(since=since),
            as_of=_ACTIVITY.format(since=then),
            default_visible=False,
            groupable=True,
            about="active (within 90 days), inactive, or never active; empty where no report tells.",
        ),
        Column(
            "active_within_days",
            "Active within days",
            "number",
            sql=_WITHIN.format(since=since),
            as_of=_WITHIN.format(since=then),
            default_visible=False,
            groupable=True,
            about="The shortest of 7, 30, 90 and 180 days in which there was activity.",
        ),
    )


ACTIVITY = Join(
    "t",
    "",
    as_of="LEFT JOIN (SELECT user_no, max(last_activity_date) AS last_activity_date, "
    f"max(active_since) AS active_since FROM {past.USAGE} GROUP BY user_no) t ON t.user_no = u.user_no",
)


def user_no(alias: str = "u") -> Column:
    """What ties between rows of users are ordered by."""
    return Column("user_no", "Number", "number", sql=f"{alias}.user_no")


def of_user(alias: str) -> Join:
    """The user whose row it is; each row has one."""
    return Join(
        "u",
        f"JOIN (SELECT * FROM users WHERE {{near}}) u ON u.user_no = {alias}.user_no",
        as_of=f"JOIN {past.at('users')} u ON u.user_no = {alias}.user_no",
    )


PERSON = (
    Column("user_id", "User id", sql="u.id", default_visible=False),
    Column(
        "user_principal_name",
        "User principal name",
        sql="u.user_principal_name",
        role="user",
        target="user_id",
    ),
    Column(
        "display_name", "Name", sql="u.display_name", default_visible=False, role="user", target="user_id"
    ),
    Column("department", "Department", sql="u.department", default_visible=False, groupable=True),
    Column("job_title", "Job title", sql="u.job_title", default_visible=False, groupable=True),
    Column("company_name", "Company", sql="u.company_name", default_visible=False, groupable=True),
    Column("country", "Country", sql="u.country", default_visible=False, groupable=True),
    Column("account_enabled", "Enabled", "boolean", sql="u.account_enabled", default_visible=False),
    Column("account_kind", "Account kind", sql=ACCOUNT_KIND, default_visible=False, groupable=True),
    Column("mail", "Mail", sql="u.mail", default_visible=False),
    Column("employee_id", "Employee id", sql="u.employee_id", default_visible=False),
)
"""The columns that tell whose row it is, over `u` (users) and `k` (KIND)."""

PERSON_SEARCH = ("user_principal_name", "display_name", "mail", "department", "job_title", "employee_id")
"""The columns that make `users.search_text`."""

USERS = Listing(
    name="users",
    label="Users",
    about="Every account of the directory; disabled ones, guests and mailboxes included.",
    source="users u",
    as_of=f"{past.at('users')} u",
    joins=(
        Join(
            "n",
            "LEFT JOIN license_set_names n ON n.set_no = u.set_no",
            as_of="LEFT JOIN (SELECT user_no, "
            "list_sort(list(coalesce(sku_part_number, sku_id))) AS licenses, "
            "count(*)::INTEGER AS license_count FROM "
            f"(SELECT DISTINCT user_no, sku_id FROM {past.at('assignments')} WHERE counted) "
            f"LEFT JOIN product_names USING (sku_id) GROUP BY user_no) n ON n.user_no = u.user_no",
        ),
        KIND,
        Join("m", "LEFT JOIN (SELECT * FROM mailboxes WHERE {near}) m ON m.user_no = u.user_no"),
        Join("o", "LEFT JOIN (SELECT * FROM onedrives WHERE {near}) o ON o.user_no = u.user_no"),
        Join("s", "LEFT JOIN (SELECT * FROM sign_ins WHERE {near}) s ON s.user_no = u.user_no"),
        ACTIVITY,
    ),
    columns=(
        Column("id", "Id", sql="u.id", default_visible=False),
        Column(
            "user_principal_name",
            "User principal name",
            sql="u.user_principal_name",
            role="user",
            target="id",
        ),
        Column("display_name", "Name", sql="u.display_name", role="user", target="id"),
        Column("mail", "Mail", sql="u.mail", default_visible=False),
        Column("department", "Department", sql="u.department", groupable=True),
        Column("job_title", "Job title", sql="u.job_title", default_visible=False, groupable=True),
        Column("country", "Country", sql="u.country", default_visible=False, groupable=True),
        Column(
            "usage_location", "Usage location", sql="u.usage_location", default_visible=False, groupable=True
        ),
        Column("account_enabled", "Enabled", "boolean", sql="u.account_enabled", groupable=True),
        Column(
            "account_kind",
            "Account kind",
            sql=ACCOUNT_KIND,
            groupable=True,
            about="member, guest, shared mailbox, room or equipment, by the user's type and mailbox.",
        ),
        Column("user_type", "Type", sql="u.user_type", default_visible=False, groupable=True),
        Column("created_at", "Created", "time", sql="u.created_at", default_visible=False),
        Column(
            "licenses",
            "Licenses",
            "texts",
            sql="n.licenses",
            as_of="coalesce(n.licenses, [])",
            groupable=True,
            about="The part numbers of the products held.",
        ),
        Column(
            "license_count",
            "License count",
            "number",
            sql="n.license_count",
            as_of="coalesce(n.license_count, 0)",
            default_visible=False,
            groupable=True,
            summed=True,
        ),
        *activity_columns(visible=True),
        Column("given_name", "First name", sql="u.given_name", default_visible=False),
        Column("surname", "Last name", sql="u.surname", default_visible=False),
        Column("other_mails", "Other mails", "texts", sql="u.other_mails", default_visible=False),
        Column("company_name", "Company", sql="u.company_name", default_visible=False, groupable=True),
        Column("city", "City", sql="u.city", default_visible=False, groupable=True),
        Column("office_location", "Office", sql="u.office_location", default_visible=False, groupable=True),
        Column("employee_id", "Employee id", sql="u.employee_id", default_visible=False),
        Column(
            "employee_type", "Employee type", sql="u.employee_type", default_visible=False, groupable=True
        ),
        Column("cost_center", "Cost center", sql="u.cost_center", default_visible=False, groupable=True),
        Column("manager_id", "Manager id", sql="u.manager_id", default_visible=False),
        Column(
            "manager_name",
            "Manager",
            sql="u.manager_name",
            default_visible=False,
            groupable=True,
            role="user",
            target="manager_id",
        ),
        Column(
            "manager_user_principal_name",
            "Manager's principal name",
            sql="u.manager_user_principal_name",
            default_visible=False,
            role="user",
            target="manager_id",
        ),
        Column(
            "on_premises_sync_enabled",
            "Synchronised",
            "boolean",
            sql="u.on_premises_sync_enabled",
            default_visible=False,
            groupable=True,
        ),
        Column(
            "external_user_state",
            "Invitation",
            sql="u.external_user_state",
            default_visible=False,
            groupable=True,
        ),
        Column(
            "last_password_change_at",
            "Password changed",
            "time",
            sql="u.last_password_change_at",
            default_visible=False,
        ),
        Column(
            "last_sign_in_at",
            "Last sign-in",
            "time",
            sql="s.last_sign_in_at",
            as_of=UNKNOWN,
            default_visible=False,
        ),
        Column(
            "mailbox_bytes",
            "Mailbox",
            "number",
            sql="m.bytes_used",
            as_of=UNKNOWN,
            default_visible=False,
            summed=True,
            role="bytes",
        ),
        Column(
            "onedrive_bytes",
            "OneDrive",
            "number",
            sql="o.bytes_used",
            as_of=UNKNOWN,
            default_visible=False,
            summed=True,
            role="bytes",
        ),
    ),
    search=PERSON_SEARCH,
    default_sort=("user_principal_name",),
    keys=("id",),
    person="u.user_no",
    ties=(user_no(),),
)
