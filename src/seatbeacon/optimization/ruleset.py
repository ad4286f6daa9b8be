"""Rules as files: what a rule file says, and reading them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from seatbeacon.optimization.errors import BadRule, BadThreshold
from seatbeacon.optimization.phrases import Condition, compile_phrase, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

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
MOST = 62
"""Rules at most: what each found of a seat is a bit of one number."""
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


def load_rules(folders: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """All rules, those that ship and those in `folders`, in the order in which they claim seats.

    A file of an organisation's own replaces the rule of the same id. Raises `BadRule`, whose message names
    the file and the field.
    """
    found: dict[str, tuple[Rule, str]] = {}
    for name, text in _texts(folders):
        rule = _read(name, text)
        found[rule.id] = (rule, name)
    rules = sorted(found.values(), key=lambda each: (each[0].order, each[0].id))
    reached = (0, "")
    for rule, name in rules:
        if rule.saves and rule.method in STAGES:
            stage = STAGES[rule.method]
            if stage < reached[0]:
                raise BadRule(
                    f"{name}: order {rule.order} puts it behind {reached[1]}, which judges what it leaves.",
                    "Give it a lower order: rules by conditions first, then overlap, then replacement.",
                )
            reached = (stage, rule.id)
    if len(rules) > MOST:
        raise BadRule(
            f"There are {len(rules)} rules; {MOST} are the most.", "Take out those that you do not use."
        )
    return tuple(rule for rule, _name in rules)


def apply_settings(rules: Iterable[Rule], settings: Settings) -> tuple[SetRule, ...]:
    """The rules that are on, with the thresholds of a tenant. Raises `BadThreshold` for one that no rule has
    or that is out of its bounds, `BadRule` for a condition that is none."""
    known = {rule.id: rule for rule in rules}
    for rule_id, values in settings.thresholds.items():
        # Of a rule that is not there any more, nothing is asked.
        for name, value in values.items() if rule_id in known else ():
            _bounded(known[rule_id], name, value)
    found = []
    for rule in known.values():
        if rule.id not in settings.off:
            thresholds = {name: each.default for name, each in rule.thresholds.items()}
            thresholds |= dict(settings.thresholds.get(rule.id, {}))
            condition, scope = _condition(rule, thresholds, rule.id)
            found.append(SetRule(rule, thresholds, condition, scope))
    return tuple(found)


def _texts(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    shipped = files("seatbeacon.optimization").joinpath("rules")
    for each in sorted(shipped.iterdir(), key=lambda one: one.name):
        if each.name.endswith(".toml"):
            yield f"rules/{each.name}", each.read_text("utf-8")
    for folder in folders:
        if not folder.is_dir():
            raise BadRule(f"The folder of rules {folder} does not exist.", "Make it, or name another.")
        for path in sorted(folder.glob("*.toml")):
            try:
                yield str(path), path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise BadRule(f"{path} cannot be read: {error}.", "A rule file is TOML in UTF-8.") from error


def _read(name: str, text: str) -> Rule:
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


def _bounded(rule: Rule, name: str, value: float) -> None:
    if name not in rule.thresholds:
        raise BadThreshold(
            f"The rule {rule.id} has no threshold {name!r}.",
            f"It has: {', '.join(rule.thresholds) or 'none'}.",
        )
    bounds = rule.thresholds[name]
    if not bounds.minimum <= value <= bounds.maximum:
        raise BadThreshold(
            f"{name} of the rule {rule.id} cannot be {value:g}.",
            f"Give {bounds.minimum:g} to {bounds.maximum:g} {bounds.unit}.",
        )
