"""How usage is shown: the heat map, its records, and what single reports tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.listings.usage import MATRIX_APPLICATIONS
from seatbeacon.web.pages.inventory.cells import NEVER, UNKNOWN, day_cell
from seatbeacon.web.pages.inventory.drawing import activity, heat
from seatbeacon.web.pages.inventory.hints import Hint, Option, Presentation, Switch
from seatbeacon.web.pages.inventory.presentation.common import (
    APPLICATION,
    PERSON,
    PLATFORM,
    TABS,
    TOLD,
    USAGE_REPORTS,
    activity_switch,
    within,
)

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.hints import Row
    from seatbeacon.web.pages.inventory.sight import Sight


def _unknown(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    return UNKNOWN


def _activated(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    """A row of the report without a day tells that it never was."""
    return NEVER if value is None else day_cell(value)


_HEAT = Hint(heat, style="sb-heat-cell")
_UNTOLD = [key for key, application in MATRIX_APPLICATIONS.items() if application not in TOLD]
"""Columns of applications that no report tells of: nobody knows, which is not never."""

_COLUMN = re.compile(r"\w+")


def _by_application(filters: tuple[str, ...]) -> tuple[Switch, ...]:
    """One application at a time, and how long ago it was used; what is set for it stays set."""
    set_for: dict[str, list[str]] = {}
    for text in filters:
        if (found := _COLUMN.match(text)) and found[0] in MATRIX_APPLICATIONS:
            set_for.setdefault(found[0], []).append(text)
    told = {key: name for key, name in MATRIX_APPLICATIONS.items() if key not in _UNTOLD}
    options = [
        Option(name, tuple(set_for.get(key, (f"{key}>90d",))), lead="" if place else "active in 90 days:")
        for place, (key, name) in enumerate(told.items())
    ]
    chosen = next((key for key in told if key in set_for), "")
    one = Switch("Application", tuple(options), any_label="Any")
    return (one, activity_switch(chosen, f"In {told[chosen]}")) if chosen else (one,)


USAGE = Presentation(
    icon="activity",
    title="Usage",
    hints={
        **PERSON,
        "platform": PLATFORM,
        "last_activity_date": activity(since="active_since"),
        "active_within_days": Hint(within),
    },
    switches=(
        APPLICATION,
        Switch(
            "Platform",
            (
                Option("Across platforms", ("platform=All",)),
                *(Option(name, (f"platform={name}",)) for name in ("Windows", "Mac", "Mobile", "Web")),
            ),
        ),
        activity_switch("active_since"),
    ),
    tabs=TABS,
    datasets=USAGE_REPORTS,
)

USAGE_MATRIX = Presentation(
    icon="activity",
    title="Usage",
    columns=("user_principal_name", *(key for key in MATRIX_APPLICATIONS if key not in _UNTOLD)),
    hints={
        **PERSON,
        "active_since": Hint(day_cell),
        **{key: Hint(_unknown, style="sb-heat-cell") for key in _UNTOLD},
    },
    by_type={"date": _HEAT},
    heat=True,
    noun=("user", "users"),
    switches=(activity_switch("active_since", "In any application"),),
    more_switches=_by_application,
    tabs=TABS,
    datasets=USAGE_REPORTS,
    follow="usage",
)

COPILOT = Presentation(
    icon="activity",
    title="Usage",
    hints={key: hint for key, hint in PERSON.items() if key != "last_activity_date"},
    by_type={"date": _HEAT},
    heat=True,
    noun=("user", "users"),
    switches=(activity_switch("last_activity_date"),),
    tabs=TABS,
    datasets=("copilotUsage",),
)

ACTIVATIONS = Presentation(
    icon="device-mobile",
    title="Usage",
    hints={**PERSON, "last_activated_date": Hint(_activated)},
    switches=(
        Switch(
            "On",
            (
                Option("Windows", ("windows>0",)),
                Option("Mac", ("mac>0",)),
                Option("iOS", ("ios>0",)),
                Option("Android", ("android>0",)),
                Option("Never activated", ("last_activated_date=null",)),
            ),
        ),
    ),
    tabs=TABS,
    datasets=("activations",),
)

MAILBOXES = Presentation(
    icon="mail",
    title="Usage",
    hints={**PERSON, "last_activity_date": activity()},
    switches=(
        Switch(
            "Size", (Option("Over 2 GB", ("bytes_used>2gb",)), Option("Over 50 GB", ("bytes_used>50gb",)))
        ),
        activity_switch("last_activity_date"),
    ),
    tabs=TABS,
    datasets=("mailboxUsage",),
)

ONEDRIVES = Presentation(
    icon="cloud",
    title="Usage",
    hints={**PERSON, "last_activity_date": activity()},
    switches=(
        Switch(
            "Size", (Option("Over 2 GB", ("bytes_used>2gb",)), Option("Over 1 TB", ("bytes_used>1024gb",)))
        ),
        activity_switch("last_activity_date"),
    ),
    tabs=TABS,
    datasets=("oneDriveUsage",),
)

SIGN_INS = Presentation(
    icon="key",
    title="Usage",
    hints=PERSON,
    switches=(activity_switch("last_sign_in_at", "Signed in"),),
    tabs=TABS,
    datasets=("signInActivity",),
    empty="Sign-ins are read with the permission AuditLog.Read.All, in tenants with Entra ID P1.",
)
