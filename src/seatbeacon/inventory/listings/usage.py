"""Usage: what is known of a user's activity in an application, on a platform; and the same as a matrix."""

from __future__ import annotations

import re
from dataclasses import replace

from seatbeacon.inventory.applications import SLOTS
from seatbeacon.inventory.listings import past
from seatbeacon.inventory.listings.declaration import UNKNOWN, Column, Few, Find, Join, Listing, Prepared
from seatbeacon.inventory.listings.users import (
    ACTIVITY,
    KIND,
    PERSON,
    PERSON_SEARCH,
    activity_columns,
    of_user,
    user_no,
)

USAGE = Listing(
    name="usage",
    label="Usage",
    about="What is known of a user's activity in an application, on a platform.",
    source="usage g",
    as_of=f"{past.USAGE} g",
    joins=(of_user("g"), Join("s", "JOIN slots s ON s.slot = g.slot"), KIND),
    person="g.user_no",
    repeats=True,
    columns=(
        *PERSON,
        Column(
            "application",
            "Application",
            sql="s.application",
            groupable=True,
            few=True,
            role="application",
            target="application",
        ),
        Column("platform", "Platform", sql="s.platform", groupable=True, few=True),
        Column(
            "last_activity_date",
            "Last activity",
            "date",
            sql="g.last_activity_date",
            relative_to="g.report_refresh_date",
            about="Empty where reports tell only of a period.",
        ),
        Column(
            "active_within_days",
            "Active within days",
            "number",
            sql="g.active_within_days",
            as_of=UNKNOWN,
            groupable=True,
            few=True,
            about="The shortest period in which the app was used, where reports tell only of a period.",
        ),
        Column(
            "active_since",
            "Active on or after",
            "date",
            sql="g.active_since",
            default_visible=False,
            relative_to="g.report_refresh_date",
            about="The last activity, or the first day of the period in which there was some.",
        ),
        Column("report_refresh_date", "As of", "date", sql="g.report_refresh_date", as_of=UNKNOWN),
    ),
    search=(*PERSON_SEARCH, "application"),
    finds=(Find("g.slot", "SELECT slot FROM slots WHERE contains(lower(application), {word})"),),
    finds_then=("SELECT slot FROM slots WHERE contains(lower(application), {word})",),
    default_sort=("user_principal_name", "application", "platform"),
    keys=("user_id", "application", "platform"),
    few=(Few("s", "g.slot", "(SELECT slot FROM slots) g JOIN slots s USING (slot)"),),
    tally="usage_rows",
    ties=(user_no("g"), Column("slot", "Slot", "number", sql="g.slot")),
)

MATRIX_APPLICATIONS = {
    re.sub(r"\W+", "_", application.lower()): application
    for application, platform in SLOTS
    if platform == "All"
}
"""Key of a column of the matrix to the application it tells of."""


def _slot(application: str) -> str:
    return f"(SELECT slot FROM slots WHERE application = '{application}' AND platform = 'All')"


def _one(key: str, application: str) -> str:
    """One application's column alone: cheaper to order all users by than the whole matrix."""
    return (
        f"LEFT JOIN (SELECT user_no, active_since FROM usage WHERE slot = {_slot(application)} "
        f"AND {{near}}) x_{key} ON x_{key}.user_no = u.user_no"
    )


def _pivot(usage: str) -> str:
    days = ", ".join(
        f"max(active_since) FILTER (slot = {_slot(application)}) AS {key}"
        for key, application in MATRIX_APPLICATIONS.items()
    )
    return (
        f"LEFT JOIN (SELECT user_no, {days} FROM {usage} WHERE {{near}} GROUP BY user_no) x "
        "ON x.user_no = u.user_no"
    )


USAGE_MATRIX = Listing(
    name="usage-matrix",
    label="Usage by application",
    about="One row a user, one column an application: the last activity, or, where reports tell only of a "
    "period, its first day.",
    source="users u",
    as_of=f"{past.at('users')} u",
    joins=(
        Join("x", _pivot("usage"), as_of=_pivot(past.USAGE)),
        *(Join(f"x_{key}", _one(key, application)) for key, application in MATRIX_APPLICATIONS.items()),
        KIND,
        ACTIVITY,
    ),
    columns=(
        *PERSON,
        *activity_columns(),
        *(
            Column(
                key,
                application,
                "date",
                sql=f"x.{key}",
                relative_to="{refresh}",
                find=f"x_{key}.active_since",
            )
            for key, application in MATRIX_APPLICATIONS.items()
        ),
    ),
    search=PERSON_SEARCH,
    default_sort=("user_principal_name",),
    keys=("user_id",),
    person="u.user_no",
    ties=(user_no(),),
)
_MATRIX = "usage_matrix"
_MADE = f"SELECT u.user_no, x.* EXCLUDE (user_no) FROM users u {_pivot('usage')}".replace("{near}", "TRUE")
USAGE_MATRIX = replace(
    USAGE_MATRIX,
    prepared=Prepared(
        replace(
            USAGE_MATRIX,
            source=f"{_MATRIX} x",
            joins=(of_user("x"), KIND),
            columns=tuple(replace(column, find="") for column in USAGE_MATRIX.columns),
            person="x.user_no",
            ties=(user_no("x"),),
        ),
        ((_MATRIX, _MADE),),
    ),
)
"""Each user's days side by side: without that, they are put together from millions of rows."""
