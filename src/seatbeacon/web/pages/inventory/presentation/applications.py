"""How applications are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.web.pages.inventory.cells import UNKNOWN, badges, count, day_cell, link
from seatbeacon.web.pages.inventory.drawing import activity, rows_of
from seatbeacon.web.pages.inventory.hints import Hint, Option, Presentation, Switch, Tab
from seatbeacon.web.pages.inventory.presentation.common import APPLICATION, PERIODS, PERSON, USAGE_REPORTS

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.hints import Row
    from seatbeacon.web.pages.inventory.sight import Sight

TABS = (
    Tab("Applications", "applications"),
    Tab("Entitlements", "entitlements"),
    Tab("Enterprise applications' users", "application-users"),
    Tab("Assignments", "application-assignments"),
)
ENTERPRISE = "enterprise application"
KINDS = {
    "service": ("Service", "blue"),
    "app": ("App", "green"),
    "product": ("Product", "orange"),
    ENTERPRISE: ("Enterprise application", "secondary"),
}


def _active(days: int) -> Hint:
    def filters(row: Row) -> tuple[str, ...]:
        return (f"application={row['application']}", "platform=All", f"active_since>{days}d")

    return rows_of("usage", filters, needs=("application",), known=False)


def _entitled(value: Any, row: Row, sight: Sight) -> str:
    """Who may use it: by assignment to an enterprise application, else by a license."""
    if value is None:
        return UNKNOWN
    if row["kind"] == ENTERPRISE:
        return link(sight.list_of("application-users", (f"application_id={row['id']}",)), count(value))
    return link(sight.list_of("entitlements", _of(row)), count(value))


def _of(row: Row) -> tuple[str, ...]:
    return (f"application={row['application']}",)


def _last(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    """Of some applications no report tells a day."""
    return UNKNOWN if value is None else day_cell(value)


def _roles(row: Row) -> tuple[str, ...]:
    return (f"application_id={row['application_id']}", f"principal_id={row['principal_id']}")


_ACTIVITY = activity(since="active_since")


def _last_of_user(value: Any, row: Row, sight: Sight) -> str:
    """A user's last activity in an application: never is known only where a report tells of it."""
    return UNKNOWN if row["activity"] is None or not _ACTIVITY.draw else _ACTIVITY.draw(value, row, sight)


APPLICATIONS = Presentation(
    icon="apps",
    noun=("application", "applications"),
    tabs=TABS,
    hints={
        "kind": Hint(badges(KINDS)),
        "entitled_users": Hint(
            _entitled,
            ("id", "kind", "application"),
            about="Users who may use it: by a service plan that is on, or by assignment.",
        ),
        **{f"active_{days}": _active(days) for days in PERIODS},
        "never_active": rows_of(
            "entitlements",
            lambda row: (*_of(row), "activity=never active"),
            needs=("application",),
            known=False,
            about="Entitled, and no activity is known.",
        ),
        "last_activity_date": Hint(_last),
    },
    switches=(
        Switch(
            "Kind",
            (
                Option("Services", ("kind=service",)),
                Option("Apps", ("kind=app",)),
                Option("Products", ("kind=product",)),
                Option("Enterprise applications", (f"kind={ENTERPRISE}",)),
            ),
        ),
    ),
    datasets=("servicePrincipals", "appRoleAssignedTo", *USAGE_REPORTS),
)

ENTITLEMENTS = Presentation(
    icon="user-check",
    hints={**PERSON, "last_activity_date": Hint(_last_of_user, (*_ACTIVITY.needs, "activity"))},
    switches=(
        APPLICATION,
        Switch(
            "Activity",
            (
                Option("Active", ("activity=active",)),
                Option("Inactive", ("activity=inactive",)),
                Option("Never active", ("activity=never active",)),
            ),
        ),
        Switch("Accounts", (Option("Disabled accounts", ("account_enabled=false",)),)),
    ),
    tabs=TABS,
    datasets=USAGE_REPORTS,
)

APPLICATION_USERS = Presentation(
    icon="user-check",
    noun=("user", "users"),
    columns=("application", "principal_name", "user_principal_name", "department", "roles", "created_at"),
    hints=PERSON
    | {"roles": rows_of("application-assignments", _roles, needs=("application_id", "principal_id"))},
    tabs=TABS,
    switches=(Switch("Accounts", (Option("Disabled accounts", ("account_enabled=false",)),)),),
    datasets=("servicePrincipals", "appRoleAssignedTo"),
    empty="Nobody is assigned to an enterprise application.",
)

APPLICATION_ASSIGNMENTS = Presentation(
    icon="user-check",
    hints=PERSON,
    tabs=TABS,
    switches=(
        Switch(
            "Assigned to",
            (
                Option("Users", ("principal_type=User",)),
                Option("Groups", ("principal_type=Group",)),
                Option("Service principals", ("principal_type=ServicePrincipal",)),
            ),
        ),
    ),
    datasets=("servicePrincipals", "appRoleAssignedTo"),
)
