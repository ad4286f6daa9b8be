"""The listing of recommendations: over a results file, asked as a version is.

`query.run(outcome.file, RECOMMENDATIONS, …)`, `query.group(…)` and `exports.write(…)` take it.
"""

from __future__ import annotations

from seatbeacon.inventory.listings.declaration import Column, Join, Listing

NOTHING_DECIDED = (
    "(SELECT NULL::VARCHAR AS of_user, NULL::VARCHAR AS of_sku, NULL::VARCHAR AS of_rule, "
    "NULL::VARCHAR AS told_state, NULL::VARCHAR AS told_reason, NULL::VARCHAR AS told_by, "
    "NULL::TIMESTAMP AS told_at, NULL::DATE AS told_until WHERE FALSE)"
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
