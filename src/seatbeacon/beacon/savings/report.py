"""Recommendations as a report that people hand on: by rule, each with its evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.savings.listed import SAVES, recommendations_with_states
from seatbeacon.documents import Column, Document, Table
from seatbeacon.inventory import query
from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization import rule_sentences, savings_by

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from seatbeacon.inventory.query import Group
    from seatbeacon.optimization import Outcome

PRINTED = 500
"""Recommendations of a rule that are printed; the list's own exports, and the Excel file, have all."""
MOST = 100_000
"""Recommendations of a rule that a file holds."""

_RULES = (
    Column("rule_title", "Rule", weight=4),
    Column("recommendations", "Found", "number", 1),
    Column("seats", "Seats", "number", 1),
    Column("monthly_saving", "Saved a month", "money"),
    Column("yearly_saving", "Saved a year", "money"),
)
_COLUMNS = (
    Column("display_name", "Name", weight=3),
    Column("user_principal_name", "User principal name", weight=0),
    Column("department", "Department", weight=0),
    Column("manager_name", "Manager", weight=0),
    Column("product_name", "Product", weight=3),
    Column("seats", "Seats", "number", 1),
    Column("replacement", "Replaced by", weight=3),
    Column("assigned_on", "Assigned since", "date"),
    Column("last_activity_date", "Last activity", "date"),
    Column("evidence", "Evidence", weight=5),
    Column("yearly_saving", "Saved a year", "money"),
    Column("realisable_on", "From", "date"),
)
_READ = (
    "display_name", "user_principal_name", "department", "manager_name", "product_name", "seats",
    "replacement", "assigned_on", "last_activity_date", "yearly_saving", "realisable_on", "note", "source",
    "group_name", "given_by", "lost", "reports", "report_refresh_date", "state", "reason",
)  # fmt: skip


_PERIOD = re.compile(r"D\d+$")
"""The days that a report is of: that of one application is read for several."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a report is of: recommendations under filters and a search; `narrowed` says so in words."""

    tenant: str
    imported_at: datetime
    filters: tuple[Filter, ...] = ()
    search: str | None = None
    narrowed: tuple[str, ...] = ()
    title: str = "Recommendations"


def recommendations_document(outcome: Outcome, scope: Scope, *, most: int = PRINTED) -> Document:
    """The report, with at most so many recommendations of each rule. Raises `InvalidQuery` and
    `BadVersion`."""
    file, listing = recommendations_with_states(outcome)
    asked: dict[str, Any] = {"filters": scope.filters, "search": scope.search}
    rules = query.group(file, listing, "rule_title", **asked)
    rules.sort(key=lambda one: (-(one.sums["yearly_saving"] or 0), -one.count))
    saving = query.group(file, listing, "rule", filters=[*scope.filters, SAVES], search=scope.search)
    data = f"{scope.imported_at:%Y-%m-%d %H:%M} UTC"
    facts = [
        ("Could be saved", _saved(saving, "yearly_saving", outcome.currency, "a year")),
        ("", _saved(saving, "monthly_saving", outcome.currency, "a month")),
        ("Recommendations", _count(sum(one.count for one in rules))),
        *[("Only", words) for words in scope.narrowed],
        ("Data of", data),
    ]
    return Document(
        title=scope.title,
        lead=f"{scope.tenant} · amounts in {outcome.currency}",
        facts=tuple(facts),
        notes=_notes(outcome),
        tables=(
            Table("rules", "By rule", _RULES, [_rule(one) for one in rules]),
            *(_table(outcome, scope, one, number, most) for number, one in enumerate(rules, 1)),
        ),
        foot=f"Seatbeacon · {scope.tenant} · data of {scope.imported_at:%Y-%m-%d}",
    )


def scopes_by(outcome: Outcome, whole: Scope, column: str) -> list[Scope]:
    """The scope of each value of a column (manager_id, department …) under the filters of `whole`, titled
    by its name; what has none is left out. Raises `InvalidQuery` and `BadVersion`."""
    file, listing = recommendations_with_states(outcome)
    groups = query.group(file, listing, column, filters=whole.filters, search=whole.search)
    names = {cut.value: cut.name for cut in savings_by(file, column, listing)}
    return [
        replace(
            whole,
            filters=(*whole.filters, Filter(column, "=", str(one.value))),
            title=names.get(str(one.value)) or _named(outcome, column, str(one.value)),
        )
        for one in groups
        if one.value is not None
    ]


def _named(outcome: Outcome, column: str, value: str) -> str:
    """What people call a value of which nothing is saved: a manager goes by a name."""
    if column != "manager_id":
        return value
    asked = [Filter(column, "=", value)]
    file, listing = recommendations_with_states(outcome)
    rows = query.run(file, listing, filters=asked, columns=("manager_name",), limit=1).rows
    return next((str(name) for (name,) in rows if name), value)


def _table(outcome: Outcome, scope: Scope, rule: Group, number: int, most: int) -> Table:
    file, listing = recommendations_with_states(outcome)
    rows = query.run(
        file,
        listing,
        filters=[*scope.filters, Filter("rule_title", "=", str(rule.value))],
        search=scope.search,
        columns=_READ,
        limit=most,
    ).rows
    return Table(
        f"rule-{number}",
        str(rule.value),
        _COLUMNS,
        [_row(dict(zip(_READ, row, strict=True))) for row in rows],
        note=rule_sentences(file).get(str(rule.value), ""),
        printed=PRINTED,
        count=rule.count,
    )


def _row(row: dict[str, Any]) -> tuple[object, ...]:
    told = row | {"replacement": ", ".join(row["replacement"] or ()), "evidence": _evidence(row)}
    return tuple(told[column.key] for column in _COLUMNS)


def _evidence(row: dict[str, Any]) -> str:
    """Why, in one line: what the rule noted, how the license came, what would be lost, by which reports."""
    words = [row["note"]] if row["note"] else []
    if row["given_by"]:
        words.append(f"given by {', '.join(row['given_by'])}")
    if row["source"] == "group" and row["group_name"]:
        words.append(f"by the group {row['group_name']}")
    if row["lost"]:
        words.append(f"would be lost: {', '.join(row['lost'])}")
    if row["reports"]:
        until = f" until {row['report_refresh_date']}" if row["report_refresh_date"] else ""
        reports = dict.fromkeys(_PERIOD.sub("", name) for name in row["reports"])
        words.append(f"judged by {', '.join(reports)}{until}")
    if row["state"] != "open":
        words.append(f"{row['state']}: {row['reason']}" if row["reason"] else str(row["state"]))
    return "; ".join(words)


def _rule(one: Group) -> tuple[object, ...]:
    sums = one.sums
    return (one.value, one.count, sums["seats"], sums["monthly_saving"], sums["yearly_saving"])


def _notes(outcome: Outcome) -> tuple[str, ...]:
    notes = []
    if outcome.unpriced_products:
        count = len(outcome.unpriced_products)
        one = count == 1
        notes.append(
            f"{count} product{'' if one else 's'} in use {'has' if one else 'have'} no price: what "
            f"{'it' if one else 'they'} would save is not told."
        )
    notes += [
        f"Rule {status.rule}: {status.told}. {' '.join(status.reasons)}"
        for status in outcome.statuses
        if status.told in ("cannot tell", "in part")
    ]
    return tuple(notes)


def _saved(groups: Sequence[Group], key: str, currency: str, per: str) -> str:
    priced = [Decimal(one.sums[key] or 0) for one in groups if one.sums[key] is not None]
    if not priced:
        return f"not known {per}: there is no price"
    return f"{sum(priced, Decimal(0)):,.2f} {currency} {per}".replace(",", "\u00a0")


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")
