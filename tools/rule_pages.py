"""Pages about optimization, made from its rule and product files: a page per rule, conditions, families."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from seatbeacon.optimization import Rule, Settings, apply_settings, load_families, load_rules
from seatbeacon.optimization.phrases import PHRASES
from seatbeacon.optimization.ruleset import METHODS

if TYPE_CHECKING:
    from collections.abc import Callable

_CATEGORIES = {
    "remove": "The seat can go",
    "replace": "Something cheaper does",
    "reclaim": "Bought, and given to nobody",
    "check": "Something is amiss; nothing is saved",
    "opportunity": "Somebody might gain; nothing is saved",
}


def pages() -> dict[str, Callable[[], str]]:
    """Every page: its path below docs/reference, and what renders it."""
    found: dict[str, Callable[[], str]] = {
        "rules.md": index,
        "conditions.md": conditions,
        "product-families.md": families,
    }
    return found | {f"rules/{rule.id}.md": partial(page, rule) for rule in load_rules()}


def index() -> str:
    """All rules in the order in which they claim seats."""
    parts = [
        "# Rules",
        "",
        "What optimization looks for, in the order in which rules claim seats: a seat that one has claimed",
        "is not counted by a later one ([why](../discussion/savings.md)). Each can be switched off, its",
        "thresholds moved, and [rules of your own](../how-to/write-a-rule.md) added.",
        "",
        "| order | rule | finds | saves |",
        "|---|---|---|---|",
    ]
    for rule in apply_settings(load_rules(), Settings()):
        cells = (rule.rule.order, f"[{rule.rule.title}](rules/{rule.id}.md)", rule.sentence)
        parts.append(f"| {' | '.join(map(str, cells))} | {_CATEGORIES[rule.rule.category]} |")
    return _joined(parts)


def page(rule: Rule) -> str:
    """One rule: what it says, its conditions and thresholds, what it saves, its evidence and its limits."""
    [told] = [each for each in apply_settings(load_rules(), Settings()) if each.id == rule.id]
    parts = [
        f"# {rule.title}",
        "",
        told.sentence,
        "",
        f"*{_CATEGORIES[rule.category]}.* {METHODS[rule.method]}",
    ]
    if rule.when or rule.any:
        parts += ["", "## Conditions", ""]
        parts += [f"- {text}" for text in rule.when]
        if rule.any:
            parts += ["- one of these:", *(f"  - {text}" for text in rule.any)]
    if rule.thresholds:
        parts += [
            "",
            "## Thresholds",
            "",
            "| name | default | from | to | meaning |",
            "|---|---|---|---|---|",
        ]
        for name, each in rule.thresholds.items():
            bounds = f"{each.minimum:g} | {each.maximum:g}"
            parts.append(f"| `{name}` | {each.default:g} {each.unit} | {bounds} | {each.meaning} |")
    parts += ["", "## Saving", "", rule.saving, "", "## Evidence", "", rule.evidence]
    parts += ["", "## Limits", "", rule.limits.strip()]
    parts += ["", f"Rule `{rule.id}`, version {rule.version}, order {rule.order}. [All rules](../rules.md)."]
    return _joined(parts)


def conditions() -> str:
    """Every sentence that a condition may be."""
    parts = [
        "# Conditions of rules",
        "",
        "The sentences that `when` and `any` of a rule file are made of. N is a number, or a threshold in",
        "braces: `{days}`. Where a condition is judged by a report, and that is missing, concealed or stale,",
        "the rule says that it cannot tell.",
        "",
        "| condition | meaning | judged by |",
        "|---|---|---|",
    ]
    parts += [f"| {phrase.written} | {phrase.meaning} | {phrase.judged_by} |" for phrase in PHRASES]
    return _joined(parts)


def families() -> str:
    """Every product family, with the part numbers that are in it."""
    known = load_families()
    parts = [
        "# Product families",
        "",
        "What kind of product each is, by part number (`*` stands for anything). A family goes across",
        f"markets; a seat is replaced only within one: {', '.join(each.id for each in known.segments)}.",
        "",
        "| family | role | products |",
        "|---|---|---|",
    ]
    for family in known.families:
        names = ", ".join(f"`{name}`" for name in family.products)
        names += f"; not {', '.join(f'`{name}`' for name in family.excluded)}" if family.excluded else ""
        parts.append(
            f"| `{family.id}`: {family.title} | {family.role}{', free' if family.free else ''} | {names} |"
        )
    parts += [
        "",
        "## What people use",
        "",
        "| capability | service plans | how its use is known |",
        "|---|---|---|",
    ]
    unseen = {
        "keep": "no report: taken as needed",
        "confirm": "no report: a person confirms",
        "tell": "no report: named among what would be lost",
    }
    for each in known.capabilities:
        names = ", ".join(f"`{name}`" for name in each.plans)
        parts.append(f"| {each.title} | {names} | {each.seen or unseen[str(each.unseen)]} |")
    return _joined(parts)


def _joined(parts: list[str]) -> str:
    return "\n".join(parts).rstrip() + "\n"
