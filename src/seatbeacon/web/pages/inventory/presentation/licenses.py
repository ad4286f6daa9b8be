"""How licenses are shown: every number leads to the people or the subscriptions behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.web.pages.inventory.cells import NOTHING, badges, count, link
from seatbeacon.web.pages.inventory.drawing import available, bar, renewal, rows_of
from seatbeacon.web.pages.inventory.hints import Hint, Option, Presentation, Switch
from seatbeacon.web.pages.inventory.presentation.assignments import TABS
from seatbeacon.web.pages.inventory.presentation.common import PRODUCT, USAGE_REPORTS

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.hints import Row
    from seatbeacon.web.pages.inventory.sight import Sight

STATUS = {
    "Enabled": ("Enabled", ""),
    "Warning": ("In grace", "yellow"),
    "Suspended": ("Suspended", "orange"),
    "LockedOut": ("Locked out", "red"),
    "Deleted": ("Deleted", "red"),
}


def _holders(row: Row) -> tuple[str, ...]:
    return (f"sku_id={row['sku_id']}",)


def _assigned(value: Any, row: Row, sight: Sight) -> str:
    """How many hold it, and of what was bought: active, inactive, never active, left over."""
    if value is None:
        return NOTHING
    shown = link(sight.list_of("holders", _holders(row)), count(value))
    parts = [("assigned", value)]
    if row["active_90"] is not None:
        parts = [
            ("active", row["active_90"]),
            ("inactive", row["inactive_90"]),
            ("never", row["never_active"]),
        ]
    return shown + bar(parts, max(row["purchased"] or 0, value))


def _activity(kind: str) -> Hint:
    return rows_of(
        "holders", lambda row: (*_holders(row), f"activity={kind}"), needs=("sku_id",), known=False
    )


LICENSES = Presentation(
    icon="license",
    noun=("product", "products"),
    tabs=TABS,
    columns=(
        "product_name",
        "sku_part_number",
        "purchased",
        "assigned",
        "available",
        "active_90",
        "inactive_90",
        "never_active",
        "status",
        "renewal_date",
    ),
    hints={
        **PRODUCT,
        "purchased": rows_of("subscriptions", _holders, needs=("sku_id",)),
        "assigned": Hint(
            _assigned,
            ("sku_id", "purchased", "active_90", "inactive_90", "never_active"),
            about="Distinct holders. The bar: active, inactive, never active, of all that was bought.",
        ),
        "available": Hint(available, about="Purchased less assigned."),
        "status": Hint(badges(STATUS)),
        "renewal_date": Hint(
            renewal,
            about="The earliest day on which an enabled subscription of the product ends.",
            soonest=True,
        ),
        "active_90": _activity("active"),
        "inactive_90": _activity("inactive"),
        "never_active": _activity("never active"),
    },
    switches=(
        Switch(
            "Products",
            (
                Option("With unassigned licenses", ("purchased>0", "available>0")),
                Option("More assigned than bought", ("available<0",)),
                Option("With inactive holders", ("inactive_90>0",)),
                Option("Renewing in 30 days", ("renewal_date>=0d", "renewal_date<=+30d")),
                Option("Not enabled", ("status!=Enabled",)),
            ),
        ),
    ),
    datasets=("subscribedSkus", "subscriptions", *USAGE_REPORTS),
    empty="The tenant has no product: neither bought nor assigned.",
)
