"""What several presentations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.applications import applications
from seatbeacon.web.pages.inventory.cells import NOTHING, UNKNOWN, badge, badges
from seatbeacon.web.pages.inventory.drawing import activity, badged, code
from seatbeacon.web.pages.inventory.hints import Hint, Option, Switch, Tab

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.hints import Row
    from seatbeacon.web.pages.inventory.sight import Sight

USAGE_REPORTS = (
    "activeUsers",
    "appUsageD*",
    "emailActivity",
    "oneDriveActivity",
    "sharePointActivity",
    "teamsActivity",
    "vivaEngageActivity",
    "copilotUsage",
)
"""The datasets from which activity is known."""

_ACTIVITY = {
    "active": ("Active", "green"),
    "inactive": ("Inactive", "yellow"),
    "never active": ("Never active", "orange"),
}
_KINDS = {
    "member": ("Member", ""),
    "guest": ("Guest", "blue"),
    "shared mailbox": ("Shared mailbox", "orange"),
    "room": ("Room", "orange"),
    "equipment": ("Equipment", "orange"),
}


def _activity_badge(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    return UNKNOWN if value is None else badge(*_ACTIVITY.get(value, (str(value), "secondary")))


def within(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    """The shortest period in which there was activity."""
    return NOTHING if value is None else f"{value}\u00a0days"


PERSON = {
    "account_enabled": badged({True: ("Enabled", ""), False: ("Disabled", "orange")}),
    "account_kind": badged(_KINDS),
    "user_type": badged({"Guest": ("Guest", "blue")}),
    "activity": Hint(_activity_badge),
    "active_within_days": Hint(within),
    "last_activity_date": activity(since="active_since"),
}
"""The columns that tell of a user, wherever they stand."""

PRODUCT = {"sku_part_number": Hint(code)}

PLATFORM = Hint(badges({"All": ("All", "secondary")}))

TOLD = tuple(application.name for application in applications() if application.reports)
"""Microsoft's applications that reports tell of."""

APPLICATION = Switch("Application", tuple(Option(name, (f"application={name}",)) for name in TOLD))

PERIODS = (7, 30, 90, 180)

TABS = (
    Tab("By application", "usage-matrix"),
    Tab("Every record", "usage"),
    Tab("Copilot", "copilot"),
    Tab("Activations", "activations"),
    Tab("Mailboxes", "mailboxes"),
    Tab("OneDrives", "onedrives"),
    Tab("Sign-ins", "sign-ins"),
)
"""The pages of usage."""


def activity_switch(key: str, label: str = "Activity", also: tuple[str, ...] = ()) -> Switch:
    """Active in, or not for, the last N days, by a column of days; *Inactive* leaves out who never was.

    `also` are filters that go with the latter, to leave out who is not expected to be active.
    """
    active = [
        Option(f"Active in {days} days", (f"{key}>{days}d",), f"{days} days", "" if place else "active in")
        for place, days in enumerate(PERIODS)
    ]
    idle = [
        Option(
            f"Inactive for {days} days",
            (f"{key}<={days}d", *also),
            f"{days} days",
            "" if place else "inactive for",
        )
        for place, days in enumerate(PERIODS[1:])
    ]
    return Switch(label, (*active, *idle, Option("Never active", (f"{key}=null", *also))), any_label="Any")
