"""Applications: who may use each, and who did."""

from __future__ import annotations

from dataclasses import replace

from seatbeacon.inventory.listings import past
from seatbeacon.inventory.listings.declaration import UNKNOWN, Column, Few, Find, Join, Listing, Prepared
from seatbeacon.inventory.listings.flat import flat
from seatbeacon.inventory.listings.users import KIND, PERSON, PERSON_SEARCH, of_user, user_no

_PERIODS = (7, 30, 90, 180)


def _counted(name: str) -> str:
    return f"max(value) FILTER (name = '{name}')"


_PAST = (
    "(SELECT a.id, a.application, a.kind, a.publisher, c.* EXCLUDE (id) "
    "FROM application_summary a JOIN (SELECT key AS id, "
    f"{_counted('entitled')} AS entitled_users, "
    + ", ".join(f"{_counted(f'active_{days}')} AS active_{days}" for days in _PERIODS)
    + f", {_counted('never_active')} AS never_active FROM daily_counts WHERE date = {past.DAY} "
    "GROUP BY key) c ON c.id = a.id AND a.kind <> 'enterprise application' "
    "UNION ALL BY NAME "
    "SELECT e.id, coalesce(e.display_name, e.app_id, e.id) AS application, "
    "'enterprise application' AS kind, e.publisher, "
    "count(DISTINCT x.principal_id) FILTER (x.principal_type = 'User') AS entitled_users "
    f"FROM {past.at('enterprise_applications')} e LEFT JOIN {past.at('application_assignments')} x "
    "ON x.application_id = e.id GROUP BY ALL) a"
)

APPLICATIONS = Listing(
    name="applications",
    label="Applications",
    about="Microsoft's services and apps with who may use each and who did; enterprise applications.",
    source="application_summary a",
    as_of=_PAST,
    columns=(
        Column("id", "Id", sql="a.id", default_visible=False),
        Column("application", "Application", sql="a.application", role="application", target="id"),
        Column("kind", "Kind", sql="a.kind", groupable=True),
        Column("publisher", "Publisher", sql="a.publisher", default_visible=False, groupable=True),
        Column("entitled_users", "Entitled", "number", sql="a.entitled_users"),
        *(
            Column(f"active_{days}", f"Active in {days} days", "number", sql=f"a.active_{days}")
            for days in _PERIODS
        ),
        Column("never_active", "Never active", "number", sql="a.never_active"),
        Column("last_activity_date", "Last activity", "date", sql="a.last_activity_date", as_of=UNKNOWN),
        Column(
            "report_refresh_date",
            "Activity as of",
            "date",
            sql="a.report_refresh_date",
            as_of=UNKNOWN,
            default_visible=False,
        ),
    ),
    search=("application", "publisher"),
    default_sort=("-active_90", "-entitled_users", "application"),
    keys=("id",),
)

# One equality, and no condition on x beside it: with one DuckDB compares every row with every user.
_USER = "CASE WHEN x.principal_type = 'User' THEN x.principal_id END"

_ASSIGNMENTS = Listing(
    name="application-assignments",
    label="Application assignments",
    about="Who was assigned to an enterprise application: users, groups and service principals.",
    source="application_assignments x",
    as_of=f"{past.at('application_assignments')} x",
    joins=(
        Join(
            "e",
            "LEFT JOIN enterprise_applications e ON e.id = x.application_id",
            as_of=f"LEFT JOIN {past.at('enterprise_applications')} e ON e.id = x.application_id",
        ),
        Join(
            "u",
            f"LEFT JOIN users u ON u.id = {_USER}",
            as_of=f"LEFT JOIN {past.at('users')} u ON u.id = {_USER}",
        ),
        KIND,
    ),
    columns=(
        Column("id", "Id", sql="x.id", default_visible=False),
        Column("application_id", "Application id", sql="x.application_id", default_visible=False),
        Column(
            "application",
            "Application",
            sql="coalesce(e.display_name, e.app_id, x.application_id)",
            groupable=True,
            role="application",
            target="application_id",
        ),
        Column("principal_id", "Principal id", sql="x.principal_id", default_visible=False),
        Column("principal_name", "Assigned to", sql="x.principal_name"),
        Column("principal_type", "Type", sql="x.principal_type", groupable=True),
        *PERSON,
        Column("app_role_id", "Role id", sql="x.app_role_id", default_visible=False),
        Column("created_at", "Assigned since", "time", sql="x.created_at"),
    ),
    search=("application", "principal_name", "user_principal_name"),
    default_sort=("application", "principal_name"),
    keys=("id",),
)
APPLICATION_ASSIGNMENTS = flat(_ASSIGNMENTS)


def _by_person(assignments: str) -> str:
    return (
        "(SELECT application_id, principal_id, any_value(principal_name) AS principal_name, "
        "count(*) AS roles, min(created_at) AS created_at "
        f"FROM {assignments} WHERE principal_type = 'User' GROUP BY application_id, principal_id) x"
    )


_USERS = Listing(
    name="application-users",
    label="Application users",
    about="Who was assigned to an enterprise application, a row each, whatever the number of roles.",
    source=_by_person("application_assignments"),
    as_of=_by_person(past.at("application_assignments")),
    joins=(
        *(join for join in APPLICATION_ASSIGNMENTS.joins if join.alias == "e"),
        Join(
            "u",
            "LEFT JOIN users u ON u.id = x.principal_id",
            as_of=f"LEFT JOIN {past.at('users')} u ON u.id = x.principal_id",
        ),
        KIND,
    ),
    columns=(
        *(column for column in APPLICATION_ASSIGNMENTS.columns if column.key.startswith("application")),
        Column("principal_id", "Principal id", sql="x.principal_id", default_visible=False),
        Column("principal_name", "Assigned to", sql="x.principal_name", role="user", target="user_id"),
        *PERSON,
        Column("roles", "Roles", "number", sql="x.roles", about="How many roles the user was assigned to."),
        Column("created_at", "Assigned since", "time", sql="x.created_at", about="Of the first of them."),
    ),
    search=APPLICATION_ASSIGNMENTS.search,
    default_sort=("application", "principal_name"),
    keys=("application_id", "principal_id"),
)
APPLICATION_USERS = flat(_USERS)

_KNOWN = "a.report_refresh_date IS NULL"
ENTITLEMENTS = Listing(
    name="entitlements",
    label="Entitlements",
    about="One row per user and application of Microsoft's that a license entitles to, with its activity.",
    source="entitled_sets e JOIN users u ON u.set_no = e.set_no JOIN slots s ON s.slot = e.slot",
    joins=(
        Join("a", "LEFT JOIN application_summary a ON a.id = s.application"),
        Join(
            "g",
            "LEFT JOIN (SELECT * FROM usage WHERE {near}) g ON g.user_no = u.user_no AND g.slot = e.slot",
        ),
        KIND,
    ),
    person="u.user_no",
    repeats=True,
    columns=(
        *PERSON,
        Column(
            "application",
            "Application",
            sql="s.application",
            groupable=True,
            role="application",
            target="application",
        ),
        Column(
            "activity",
            "Activity",
            sql=(
                f"CASE WHEN {_KNOWN} THEN NULL WHEN u.used & s.bit = 0 THEN 'never active' "
                "WHEN g.active_since > a.report_refresh_date - 90 THEN 'active' ELSE 'inactive' END"
            ),
            groupable=True,
            few=True,
            about="In this application: active (within 90 days), inactive, never active; or empty.",
        ),
        Column(
            "last_activity_date",
            "Last activity",
            "date",
            sql="g.last_activity_date",
            relative_to="a.report_refresh_date",
            about="In this application; empty where reports tell only of a period.",
        ),
        Column(
            "active_since",
            "Active on or after",
            "date",
            sql="g.active_since",
            default_visible=False,
            relative_to="a.report_refresh_date",
            about="The last activity in it, or the first day of the period in which there was some.",
        ),
        Column(
            "report_refresh_date",
            "As of",
            "date",
            sql="a.report_refresh_date",
            default_visible=False,
        ),
    ),
    search=(*PERSON_SEARCH, "application"),
    finds=(Find("e.slot", "SELECT slot FROM slots WHERE contains(lower(application), {word})"),),
    default_sort=("user_principal_name", "application"),
    keys=("user_id", "application"),
    few=(Few("s", "e.slot", "(SELECT slot FROM slots) e JOIN slots s USING (slot)"),),
    tally="entitlement_rows",
    ties=(user_no(), Column("slot", "Slot", "number", sql="e.slot")),
)
"""The user's set of products entitles; `used` has a bit for each application that was ever used."""

_OF_USE = ("activity", "last_activity_date", "active_since", "report_refresh_date")
_ROWS = "entitlement_rows"
_MADE = (
    "SELECT u.user_no, e.slot, "
    + ", ".join(f"{column.sql} AS {column.key}" for column in ENTITLEMENTS.columns if column.key in _OF_USE)
    + f" FROM {ENTITLEMENTS.from_clause('a. g.').replace('{near}', 'TRUE')}"
)
ENTITLEMENTS = replace(
    ENTITLEMENTS,
    prepared=Prepared(
        replace(
            ENTITLEMENTS,
            instead_for=frozenset(_OF_USE),
            instead=replace(
                ENTITLEMENTS,
                source=f"{_ROWS} e",
                joins=(
                    of_user("e"),
                    Join("s", "JOIN slots s ON s.slot = e.slot"),
                    KIND,
                ),
                person="e.user_no",
                columns=tuple(
                    replace(
                        column,
                        sql=f"e.{column.key}",
                        relative_to="e.report_refresh_date" if column.relative_to else "",
                    )
                    if column.key in _OF_USE
                    else column
                    for column in ENTITLEMENTS.columns
                ),
                ties=(user_no("e"), Column("slot", "Slot", "number", sql="e.slot")),
            ),
        ),
        ((_ROWS, _MADE),),
    ),
)
"""Ten million rows beside as many of usage: where a question is about use, they stand side by side."""
