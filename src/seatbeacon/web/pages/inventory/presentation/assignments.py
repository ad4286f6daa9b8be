"""How assignments are shown, and holders: what came to whom, and how."""

from __future__ import annotations

from seatbeacon.web.pages.inventory.cells import badges
from seatbeacon.web.pages.inventory.drawing import badged
from seatbeacon.web.pages.inventory.hints import Hint, Option, Presentation, Switch, Tab
from seatbeacon.web.pages.inventory.presentation.common import PERSON, PRODUCT, USAGE_REPORTS

_SOURCES = {
    "direct": ("Direct", "blue"),
    "group": ("Group", "secondary"),
    "unknown": ("Unknown", "secondary"),
}
_STATES = {
    "Active": ("Active", "green"),
    "ActiveWithError": ("Active with error", "yellow"),
    "Error": ("Error", "red"),
    "Disabled": ("Disabled", "orange"),
}
_DISABLED = Option("Disabled accounts", ("account_enabled=false",))
TABS = (
    Tab("Licenses", "licenses"),
    Tab("Holders", "holders"),
    Tab("Assignments", "assignments"),
    Tab("Groups", "groups"),
    Tab("Subscriptions", "subscriptions"),
    Tab("Service plans", "service-plans"),
)

ASSIGNMENTS = Presentation(
    icon="user-check",
    noun=("assignment", "assignments"),
    hints={
        **PERSON,
        **PRODUCT,
        "source": Hint(badges(_SOURCES)),
        "state": Hint(badges(_STATES)),
        "counted": badged({True: ("Counted", "secondary"), False: ("Not counted", "yellow")}),
    },
    switches=(
        Switch(
            "Assignments",
            (
                Option("Direct", ("source=direct",)),
                Option("Through a group", ("source=group",)),
                Option("In error", ("error!=null", "error!=None")),
                _DISABLED,
            ),
        ),
    ),
    tabs=TABS,
    datasets=("users", "groups"),
)

HOLDERS = Presentation(
    icon="license",
    hints={**PERSON, **PRODUCT},
    switches=(
        Switch(
            "Holders",
            (
                Option("Active", ("activity=active",)),
                Option("Inactive", ("activity=inactive",)),
                Option("Never active", ("activity=never active",)),
            ),
        ),
        Switch("Accounts", (Option("Guests", ("account_kind=guest",)), _DISABLED)),
    ),
    tabs=TABS,
    datasets=("users", "groups", *USAGE_REPORTS),
)
