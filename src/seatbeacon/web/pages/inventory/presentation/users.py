"""How users are shown."""

from __future__ import annotations

from seatbeacon.web.pages.inventory.drawing import activity, rows_of, tagged
from seatbeacon.web.pages.inventory.hints import Option, Presentation, Switch
from seatbeacon.web.pages.inventory.presentation.common import PERSON, USAGE_REPORTS, activity_switch

USERS = Presentation(
    icon="users",
    noun=("user", "users"),
    columns=(
        "user_principal_name",
        "display_name",
        "department",
        "manager_name",
        "account_enabled",
        "account_kind",
        "licenses",
        "last_activity_date",
    ),
    hints={
        **PERSON,
        "licenses": tagged(lambda part, sight: sight.list_of("licenses", (f"sku_part_number={part}",))),
        "license_count": rows_of("assignments", lambda row: (f"user_id={row['id']}",), needs=("id",)),
        "last_activity_date": activity(since="active_since", expected="license_count"),
    },
    switches=(
        Switch(
            "Accounts",
            (
                Option("Members", ("account_kind=member",)),
                Option("Guests", ("account_kind=guest",)),
                Option("Shared mailboxes and rooms", ("account_kind=shared mailbox|room|equipment",)),
                Option("Disabled", ("account_enabled=false",)),
                Option("Disabled with licenses", ("account_enabled=false", "license_count>0")),
            ),
        ),
        activity_switch("active_since", also=("license_count>0",)),
    ),
    datasets=("users", *USAGE_REPORTS),
)
