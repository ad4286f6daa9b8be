"""Rules as files: what one says, and how it is set."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from seatbeacon.optimization.errors import BadRule, BadThreshold
from seatbeacon.optimization.phrases import Condition, compile_phrase, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seatbeacon.optimization.inputs import Settings

Category = Literal["remove", "replace", "reclaim", "check", "opportunity"]
"""remove: the seat can go. replace: by less. reclaim: bought, and given to nobody. check: something is amiss,
and costs nothing. opportunity: somebody might gain."""
Method = Literal[
    "seats", "errors", "overlap", "surplus", "bases", "cover", "consolidate", "unassigned", "ending",
    "shortage", "likely",
]  # fmt: skip
METHODS: dict[Method, str] = {
    "seats": "Judged seat by seat, by its conditions alone.",
    "errors": "Judged by the state of assignments.",
    "overlap": "Judged by the service plans of all that a user holds; of several ways, what saves most.",
    "surplus": "Judged by families: of several primary suites, the one of the highest rank stays.",
    "bases": "Judged by what the product families say that an add-on stands on.",
    "cover": "The cheapest product, or set of products, that covers what is needed, found exactly.",
    "consolidate": "The cheapest products, fewer than are held, that give every service plan.",
    "unassigned": "Judged by seats purchased and assigned.",
    "ending": "Judged by subscriptions.",
    "shortage": "Judged by assigned seats per day, as a straight line.",
    "likely": "Judged by use of the apps that Copilot is in.",
}
"""How a rule is judged."""

STAGES: dict[str, int] = {"seats": 0, "overlap": 1, "surplus": 1, "bases": 1, "cover": 2, "consolidate": 2}
"""Rules that save by the seat come in stages: what a later one judges is what an earlier one has left."""
_ACTIVITY = {"cover", "likely"}
_NEEDED = {
    "cover": ("days",), "unassigned": ("reserve",), "ending": ("days",), "shortage": ("weeks", "history"),
    "likely": ("apps", "days"),
}  # fmt: skip
"""Thresholds without which a method cannot judge."""
_CONDITIONAL = {"seats", "cover", "overlap", "surplus", "bases", "consolidate"}


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that an organisation may change, with its unit and bounds."""

    default: float
    unit: str
    meaning: str
    minimum: float = 0
    maximum: float = 3650


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule file. `sentence` says what is found, `saving` what it saves, `evidence` what it is judged by,
    `limits` what it cannot see.

    All of `when` must hold, and one of `any` where there are some. `unseen` (method cover) says what becomes
    of services that no report tells of: they are *kept*; some are given up and the recommendation is *to
    confirm*; or all but the mailbox is *not needed*.
    """

    id: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9-]{1,40}$")]
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    sentence: Annotated[str, msgspec.Meta(min_length=1)]
    category: Category
    method: Method = "seats"
    order: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    when: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    thresholds: dict[str, Threshold] = {}
    unseen: Literal["kept", "to confirm", "not needed"] = "kept"
    saving: str
    evidence: str
    limits: str

    @property
    def usual_sentence(self) -> str:
        """The sentence with the thresholds that the rule itself says."""
        return self.sentence.format_map({name: plain(each.default) for name, each in self.thresholds.items()})

    @property
    def saves(self) -> bool:
        """Whether what it finds saves the price of a seat, or some of it."""
        return self.category in ("remove", "replace", "reclaim")


@dataclass(frozen=True)
class SetRule:
    """A rule as it is set for a tenant: thresholds filled in, conditions compiled. `scope` is the part of its
    condition that says which products it looks at."""

    rule: Rule
    thresholds: dict[str, float]
    condition: Condition
    scope: Condition

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    @property
    def by_activity(self) -> bool:
        """Whether joiners and people on leave are left alone by it."""
        return "activity" in self.condition.evidence or self.rule.method in _ACTIVITY

    @property
    def sentence(self) -> str:
        """The sentence with its thresholds in it."""
        return self.rule.sentence.format_map({name: plain(value) for name, value in self.thresholds.items()})


GENERAL: dict[str, Threshold] = {
    "grace_days": Threshold(
        default=30,
        unit="days",
        maximum=365,
        meaning="How long rules that judge by activity leave joiners alone, and people back from leave.",
    ),
    "fresh_days": Threshold(
        default=10,
        unit="days",
        minimum=1,
        maximum=90,
        meaning="How old a report may be at the import; nothing is judged by an older one.",
    ),
}
"""Numbers that hold for all rules; `Settings` has them under these names."""


def apply_settings(rules: Iterable[Rule], settings: Settings) -> tuple[SetRule, ...]:
    """The rules that are on, with the thresholds of a tenant. Raises `BadThreshold` for one that no rule has
    or that is out of its bounds, `BadRule` for a condition that is none."""
    known = {rule.id: rule for rule in rules}
    for name in GENERAL:
        check_threshold(None, name, getattr(settings, name))
    for rule_id, values in settings.thresholds.items():
        # Of a rule that is not there any more, nothing is asked.
        for name, value in values.items() if rule_id in known else ():
            check_threshold(known[rule_id], name, value)
    found = []
    for rule in known.values():
        if rule.id not in settings.off:
            thresholds = {name: each.default for name, each in rule.thresholds.items()}
            thresholds |= dict(settings.thresholds.get(rule.id, {}))
            condition, scope = _condition(rule, thresholds, rule.id)
            found.append(SetRule(rule, thresholds, condition, scope))
    return tuple(found)


def read_rule(name: str, text: str) -> Rule:
    """The rule that a file called `name` says. Raises `BadRule`, whose message names file and field."""
    try:
        rule = msgspec.convert(tomllib.loads(text), Rule)
    except tomllib.TOMLDecodeError as error:
        raise BadRule(f"{name} is not TOML: {error}.", "Compare it with a rule that ships.") from error
    except msgspec.ValidationError as error:
        raise BadRule(f"{name}: {error}.", "docs/how-to/write-a-rule.md lists the fields.") from error
    for key, threshold in rule.thresholds.items():
        if not threshold.minimum <= threshold.default <= threshold.maximum:
            raise BadRule(
                f"{name}: thresholds.{key}.default is {threshold.default:g}.",
                f"Its own bounds are {threshold.minimum:g} to {threshold.maximum:g}.",
            )
    if rule.method == "seats" and not (rule.when or rule.any):
        raise BadRule(
            f"{name}: when and any are empty, so that it would find every seat.", "Add a condition."
        )
    missing = [key for key in _NEEDED.get(rule.method, ()) if key not in rule.thresholds]
    if missing:
        raise BadRule(f"{name}: method {rule.method} needs thresholds.{missing[0]}.", "Add it.")
    if rule.method not in _CONDITIONAL and (rule.when or rule.any):
        raise BadRule(f"{name}: method {rule.method} takes no conditions.", "Leave when and any out.")
    defaults = {key: threshold.default for key, threshold in rule.thresholds.items()}
    _condition(rule, defaults, name)
    try:
        rule.sentence.format_map(defaults)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise BadRule(f"{name}: sentence names a threshold that is not there: {error}.", "") from error
    return rule


def _condition(rule: Rule, thresholds: dict[str, float], name: str) -> tuple[Condition, Condition]:
    both = [
        compile_phrase(text, thresholds, where=f"{name}: {field}[{place}]")
        for field, texts in (("when", rule.when), ("any", rule.any))
        for place, text in enumerate(texts)
    ]
    all_of, any_of = both[: len(rule.when)], both[len(rule.when) :]
    terms = [f"({each.sql})" for each in all_of]
    if any_of:
        terms.append("(" + " OR ".join(f"coalesce({each.sql}, FALSE)" for each in any_of) + ")")
    of_product = [each for each in all_of if each.of_product]
    condition = Condition(
        " AND ".join(terms) or "TRUE",
        tuple(value for each in both for value in each.values),
        frozenset().union(*(each.evidence for each in both)),
    )
    scope = Condition(
        " AND ".join(f"({each.sql})" for each in of_product) or "TRUE",
        tuple(value for each in of_product for value in each.values),
    )
    return condition, scope


def check_threshold(rule: Rule | None, name: str, value: float) -> None:
    """Raise `BadThreshold` where `rule` (None: all rules together) has no such threshold, or `value` is out
    of its bounds."""
    whose, all_of = (
        (f"The rule {rule.id}", rule.thresholds) if rule else ("What holds for all rules", GENERAL)
    )
    if name not in all_of:
        raise BadThreshold(
            f"{whose} has no threshold {name!r}.", f"There are: {', '.join(all_of) or 'none'}."
        )
    bounds = all_of[name]
    if not bounds.minimum <= value <= bounds.maximum:
        of = f" of the rule {rule.id}" if rule else ""
        raise BadThreshold(
            f"{name}{of} cannot be {value:g}.",
            f"Give {bounds.minimum:g} to {bounds.maximum:g} {bounds.unit}.",
        )
