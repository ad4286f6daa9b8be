"""How applications are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.web.pages.inventory.cells import badges
from seatbeacon.web.pages.inventory.drawing import activity, rows_of
from seatbeacon.web.pages.inventory.hints import Hint, Option, Presentation, Switch
from seatbeacon.web.pages.inventory.presentation.common import PERIODS, PERSON, USAGE_REPORTS

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.hints import Row

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


def _assigned(row: Row) -> tuple[str, ...] | None:
    """Who was assigned to an enterprise application."""
    if row["kind"] != ENTERPRISE:
        return None
    return (f"application_id={row['id']}", "principal_type=User")


APPLICATIONS = Presentation(
    icon="apps",
    hints={
        "kind": Hint(badges(KINDS)),
        "entitled_users": rows_of(
            "application-assignments",
            _assigned,
            needs=("id", "kind"),
            about="Users who may use it: by a service plan that is not switched off, or by assignment.",
        ),
        **{f"active_{days}": _active(days) for days in PERIODS},
        "never_active": Hint(about="Entitled, and no activity is known."),
        "last_activity_date": activity(),
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

APPLICATION_ASSIGNMENTS = Presentation(
    icon="user-check",
    hints=PERSON,
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
