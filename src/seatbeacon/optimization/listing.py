"""The listing of recommendations: over a results file, asked as a version is.

`query.run(outcome.file, RECOMMENDATIONS, …)`, `query.group(…)` and `exports.write(…)` take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.listings.declaration import Column, Join, Listing

if TYPE_CHECKING:
    from datetime import date

STAND = {
    "of_user": "VARCHAR",
    "of_sku": "VARCHAR",
    "of_rule": "VARCHAR",
    "told_state": "VARCHAR",
    "told_reason": "VARCHAR",
    "told_by": "VARCHAR",
    "told_at": "TIMESTAMP",
    "told_until": "DATE",
    "told_user_name": "VARCHAR",
    "told_product_name": "VARCHAR",
    "told_rule_title": "VARCHAR",
    "told_seats": "BIGINT",
    "told_monthly_saving": "DECIMAL(18, 4)",
    "told_yearly_saving": "DECIMAL(18, 4)",
    "told_currency": "VARCHAR",
    "told_realisable_on": "DATE",
    "told_confirmed_at": "TIMESTAMP",
    "told_import_no": "BIGINT",
}
"""The columns of a decision and their types: user id (empty for none), product id and rule, what was decided,
the finding as it was then, and which import confirmed it when."""

NOTHING_DECIDED = (
    f"(SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind in STAND.items())} WHERE FALSE)"
)
"""What stands for decisions where none are given (`decided.with_decided` gives them)."""

RECOMMENDATIONS = Listing(
    name="recommendations",
    label="Recommendations",
    source="recommendations",
    columns=(
        Column(
            "key",
            "Key",
            sql="coalesce(user_id, '') || '/' || sku_id || '/' || rule",
            default_visible=False,
            about="The same at every import, within a tenant: user, product and rule.",
        ),
        Column("rule", "Rule id", default_visible=False, groupable=True),
        Column("rule_title", "Rule", groupable=True),
        Column("category", "Category", default_visible=False, groupable=True),
        Column("action", "Action", groupable=True),
        Column(
            "certainty",
            "Certainty",
            groupable=True,
            about="*to confirm*: something would be lost of which no report tells.",
        ),
        Column(
            "state",
            "State",
            sql="coalesce(d.told_state, 'open')",
            groupable=True,
            about="What was decided: *open*, *accepted*, *in work*, *done*, *dismissed* or *exempted*.",
        ),
        Column("user_id", "User id", default_visible=False),
        Column("user_principal_name", "User principal name"),
        Column("display_name", "Name", role="user", target="user_id"),
        Column("department", "Department", groupable=True),
        Column("country", "Country", default_visible=False, groupable=True),
        Column("company_name", "Company", default_visible=False, groupable=True),
        Column("cost_center", "Cost center", default_visible=False, groupable=True),
        Column("manager_id", "Manager id", default_visible=False),
        Column("manager_name", "Manager", default_visible=False, groupable=True, role="person"),
        Column("manager_user_principal_name", "Manager's user principal name", default_visible=False),
        Column("account_enabled", "Enabled", "boolean", default_visible=False),
        Column("user_type", "Type", default_visible=False, groupable=True),
        Column("sku_id", "Product id", default_visible=False),
        Column("sku_part_number", "Part number", default_visible=False, groupable=True),
        Column("product_name", "Product", groupable=True, role="license", target="sku_id"),
        Column("seats", "Seats", "number", default_visible=False, summed=True),
        Column(
            "yearly_saving",
            "Saved a year",
            "money",
            summed=True,
            about="Empty where no price is known.",
        ),
        Column("monthly_saving", "Saved a month", "money", default_visible=False, summed=True),
        Column("currency", "Currency", default_visible=False),
        Column(
            "realisable_on",
            "From",
            "date",
            about="When the term of the product's subscription ends: nothing is saved before.",
        ),
        Column("replacement", "Replaced by", "texts"),
        Column("given_by", "Given by", "texts", default_visible=False),
        Column("lost", "Would be lost", "texts", default_visible=False),
        Column("also", "Also found by", "texts", default_visible=False),
        Column("note", "Note"),
        Column("due_on", "Due", "date", default_visible=False),
        Column("assigned_on", "Assigned since", "date"),
        Column("source", "Source", default_visible=False, groupable=True),
        Column("group_id", "Group id", default_visible=False),
        Column("group_name", "Group", default_visible=False, role="group", target="group_id"),
        Column(
            "last_activity_date",
            "Last activity",
            "date",
            about="The latest day on which anything may have been used that the license gives.",
        ),
        Column("report_refresh_date", "Activity as of", "date", default_visible=False),
        Column("reports", "Judged by", "texts", default_visible=False),
        Column(
            "reason", "Reason", default_visible=False, sql="d.told_reason", about="Why it was decided so."
        ),
        Column("decided_by", "Decided by", default_visible=False, groupable=True, sql="d.told_by"),
        Column("decided_at", "Decided", "time", default_visible=False, sql="d.told_at"),
        Column(
            "until",
            "Until",
            "date",
            default_visible=False,
            sql="d.told_until",
            about="The last day of a dismissal or an exemption.",
        ),
        Column("import_no", "Import", "number", default_visible=False),
        Column("imported_at", "Imported", "time", default_visible=False),
    ),
    search=("user_principal_name", "display_name", "product_name", "sku_part_number", "department"),
    default_sort=("-yearly_saving", "user_principal_name", "product_name"),
    keys=("user_id", "sku_id", "rule"),
    joins=(
        Join(
            "d",
            f"LEFT JOIN {NOTHING_DECIDED} d "
            "ON d.of_user = coalesce(user_id, '') AND d.of_sku = sku_id AND d.of_rule = rule",
        ),
    ),
)
"""Rows of a results file. No past is kept: `as_of` is not asked of it."""


def decisions_source(table: str, today: date | None = None) -> str:
    """What stands after FROM for the decisions of `table`; `saved` is told until `today`, this day unless
    given."""
    until = f"DATE '{today.isoformat()}'" if today else "current_date"
    since = "greatest(told_confirmed_at::DATE, coalesce(told_realisable_on, told_confirmed_at::DATE))"
    saved = f"(told_yearly_saving * greatest(0, date_diff('day', {since}, {until})) / 365)::DECIMAL(18, 4)"
    # Of fixed texts and a day.
    return f"(SELECT *, CASE WHEN told_confirmed_at IS NOT NULL THEN {saved} END AS saved FROM {table})"  # noqa: S608


DECISIONS = Listing(
    name="decisions",
    label="Decisions",
    about="What people decided on recommendations, and which imports confirmed it.",
    source=decisions_source(NOTHING_DECIDED),
    columns=(
        Column(
            "key",
            "Key",
            sql="of_user || '/' || of_sku || '/' || of_rule",
            default_visible=False,
            about="The key of the recommendation: user, product and rule.",
        ),
        Column("user_id", "User id", sql="nullif(of_user, '')", default_visible=False),
        Column("sku_id", "Product id", sql="of_sku", default_visible=False),
        Column("rule", "Rule id", sql="of_rule", default_visible=False, groupable=True),
        Column("user_name", "Name", sql="nullif(told_user_name, '')", role="user", target="user_id"),
        Column(
            "product_name",
            "Product",
            sql="told_product_name",
            groupable=True,
            role="license",
            target="sku_id",
        ),
        Column("rule_title", "Rule", sql="told_rule_title", groupable=True),
        Column(
            "state",
            "State",
            sql="told_state",
            groupable=True,
            about="What was decided: *open*, *accepted*, *in work*, *done*, *dismissed* or *exempted*.",
        ),
        Column("reason", "Reason", sql="told_reason", about="Why it was decided so."),
        Column("decided_by", "Decided by", sql="told_by", groupable=True),
        Column("decided_at", "Decided", "time", sql="told_at"),
        Column(
            "until",
            "Until",
            "date",
            sql="told_until",
            default_visible=False,
            about="The last day of a dismissal or an exemption.",
        ),
        Column(
            "confirmed_at",
            "Confirmed",
            "time",
            sql="told_confirmed_at",
            about="When the import ran that no longer found it.",
        ),
        Column(
            "import_no", "Import", "number", sql="told_import_no", about="The import that no longer found it."
        ),
        Column("seats", "Seats", "number", sql="told_seats", default_visible=False, summed=True),
        Column(
            "monthly_saving",
            "Saved a month",
            "money",
            sql="told_monthly_saving",
            summed=True,
            about="As it was found when it was decided on. Empty where no price was known.",
        ),
        Column(
            "yearly_saving",
            "Saved a year",
            "money",
            sql="told_yearly_saving",
            default_visible=False,
            summed=True,
        ),
        Column(
            "saved",
            "Saved since",
            "money",
            summed=True,
            about="Since it was confirmed, and not before the subscription's term ended.",
        ),
        Column("currency", "Currency", sql="told_currency", default_visible=False),
        Column(
            "realisable_on",
            "From",
            "date",
            sql="told_realisable_on",
            default_visible=False,
            about="When the term of the product's subscription ends: nothing is saved before.",
        ),
    ),
    search=("user_name", "product_name", "rule_title", "decided_by", "reason"),
    default_sort=("-decided_at", "user_name", "product_name"),
    keys=("user_id", "sku_id", "rule"),
)
"""Rows of a file of decisions (`decided.with_decisions`). No past is kept: `as_of` is not asked of it."""
