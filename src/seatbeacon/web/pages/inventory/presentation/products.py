"""How subscriptions, service plans and groups are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.web.pages.inventory.cells import badges, moment
from seatbeacon.web.pages.inventory.drawing import renewal, rows_of, tagged
from seatbeacon.web.pages.inventory.hints import Hint, Option, Presentation, Switch
from seatbeacon.web.pages.inventory.presentation.assignments import TABS
from seatbeacon.web.pages.inventory.presentation.common import PRODUCT
from seatbeacon.web.pages.inventory.presentation.licenses import STATUS

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.hints import Row
    from seatbeacon.web.pages.inventory.sight import Sight


def _renewal(value: Any, row: Row, sight: Sight) -> str:
    return moment(None) if value is None else renewal(value.date(), row, sight)


SUBSCRIPTIONS = Presentation(
    icon="license",
    noun=("subscription", "subscriptions"),
    hints={**PRODUCT, "status": Hint(badges(STATUS)), "next_lifecycle_at": Hint(_renewal, soonest=True)},
    switches=(
        Switch(
            "Renewal",
            (
                Option("In 15 days", ("next_lifecycle_at>=0d", "next_lifecycle_at<=+15d")),
                Option("In 30 days", ("next_lifecycle_at>=0d", "next_lifecycle_at<=+30d")),
                Option("In 90 days", ("next_lifecycle_at>=0d", "next_lifecycle_at<=+90d")),
                Option("Passed", ("next_lifecycle_at<0d",)),
            ),
        ),
        Switch("Kind", (Option("Paid", ("is_trial=false",)), Option("Trial", ("is_trial=true",)))),
    ),
    tabs=TABS,
    datasets=("subscriptions",),
)

SERVICE_PLANS = Presentation(icon="list-details", hints=PRODUCT, tabs=TABS, datasets=("subscribedSkus",))

GROUPS = Presentation(
    icon="users-group",
    noun=("group", "groups"),
    hints={
        "licenses": tagged(lambda part, sight: sight.list_of("licenses", (f"sku_part_number={part}",))),
        "users": rows_of("assignments", lambda row: (f"group_id={row['id']}",), needs=("id",)),
        "users_in_error": rows_of(
            "assignments", lambda row: (f"group_id={row['id']}", "error!=null"), needs=("id",)
        ),
    },
    switches=(Switch("Groups", (Option("With users in error", ("users_in_error>0",)),)),),
    tabs=TABS,
    datasets=("groups",),
    empty="No group of this tenant assigns licenses.",
)
