"""How recommendations are shown, and what was decided on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.html import escape

from seatbeacon.beacon.savings import listed
from seatbeacon.web.pages.inventory.cells import NOTHING, badge, count, day, link
from seatbeacon.web.pages.inventory.hints import Hint, Option, Presentation, Switch

if TYPE_CHECKING:
    from seatbeacon.web.pages.inventory.hints import Row
    from seatbeacon.web.pages.inventory.sight import Sight

COUNTED = str(listed.COUNTED)
"""What the totals hold."""
CONFIRMED = ("state=done", "confirmed_at!=null")
"""Of decisions: those that an import confirmed."""

_COLOURS = {"accepted": "blue", "in work": "yellow", "done": "green"}


def _badge(state: str) -> str:
    return badge(state.capitalize(), _COLOURS.get(state, "secondary"))


def _state(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    words = _badge(str(value))
    if row["until"] is not None:
        words += f" until {day(row['until'])}"
    if row["decided_by"]:
        words += (
            f'<div class="text-secondary sb-long">by <bdi dir="auto">{escape(row["decided_by"])}</bdi></div>'
        )
    if row["reason"]:
        words += f'<div class="sb-long"><bdi dir="auto">{escape(row["reason"])}</bdi></div>'
    return words


def _stand(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    return NOTHING if value is None else _badge(str(value))


def _import(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    return NOTHING if value is None else link(reverse("import-run", args=[value]), count(value))


def _tick(value: Any, row: Row, sight: Sight) -> str:  # noqa: ARG001 - a Draw
    words = escape(f"Choose {row['display_name'] or 'what is of no user'}, {row['product_name']}")
    return (
        f'<input class="form-check-input" type="checkbox" form="decide" name="key" '
        f'value="{escape(row["key"])}" aria-label="{words}">'
    )


TICK = Hint(_tick, ("key", "product_name", "display_name"))
"""A box before each recommendation, for who may decide."""

RECOMMENDATIONS = Presentation(
    icon="wand",
    lead="What is paid for and not needed, and why we think so. Seatbeacon itself changes nothing.",
    noun=("recommendation", "recommendations"),
    columns=(
        "display_name", "product_name", "rule_title", "state", "action", "replacement", "yearly_saving",
        "realisable_on", "assigned_on", "last_activity_date", "note",
    ),
    hints={
        "state": Hint(_state, ("reason", "decided_by", "until"), "sb-wide"),
        "note": Hint(style="sb-wide"),
        "import_no": Hint(_import),
    },
    switches=(
        Switch(
            "State",
            (
                Option("In the total", (COUNTED,)),
                Option("Open", ("state=open",)),
                Option("Accepted or in work", ("state=accepted|in work",)),
                Option("Done", ("state=done",)),
                Option("Dismissed or exempted", ("state=dismissed|exempted",)),
            ),
        ),
        Switch(
            "Kind",
            (
                Option("Saves something", ("category=remove|replace|reclaim",)),
                Option("To be checked", ("category=check|opportunity",)),
            ),
        ),
    ),
    datasets=("users", "subscribedSkus", "subscriptions", "activeUsers", "appUsageD*", "mailboxUsage"),
    first=(COUNTED,),
    empty="No rule found anything in the last import.",
)  # fmt: skip

DECISIONS = Presentation(
    icon="circle-check",
    lead="What people decided on recommendations, which imports confirmed it, and what is saved since.",
    noun=("decision", "decisions"),
    columns=(
        "user_name", "product_name", "rule_title", "state", "decided_by", "decided_at", "confirmed_at",
        "import_no", "monthly_saving", "saved", "reason",
    ),
    hints={"state": Hint(_stand), "reason": Hint(style="sb-wide"), "import_no": Hint(_import)},
    switches=(
        Switch(
            "State",
            (
                Option("Done and confirmed", CONFIRMED),
                Option("Done, not confirmed yet", ("state=done", "confirmed_at=null")),
                Option("Accepted or in work", ("state=accepted|in work",)),
                Option("Dismissed or exempted", ("state=dismissed|exempted",)),
            ),
        ),
    ),
    datasets=(),
    empty="Nobody decided on a recommendation yet. Decisions are made on the recommendations page.",
)  # fmt: skip
