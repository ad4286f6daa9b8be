"""All rules: those that ship, and an organisation's own. A bad file leaves the others as they are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from seatbeacon.optimization.errors import BadRule
from seatbeacon.optimization.ruleset import STAGES, Rule, read_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MOST = 62
"""Rules at most: what each found of a seat is a bit of one number."""


@dataclass(frozen=True)
class RuleFault:
    """A file, or folder, of an organisation's own whose rule is left out, and why."""

    file: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


@dataclass(frozen=True)
class RuleBook:
    """The rules in the order in which they claim seats; `own` are the files of those that an organisation
    wrote, by rule id; `faults` tell of files that could not be used."""

    rules: tuple[Rule, ...]
    own: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[RuleFault, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """What each rule is called, by id."""
        return {rule.id: rule.title for rule in self.rules}


def load_rules(folders: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """All rules, in the order in which they claim seats. Raises `BadRule` for the first file that cannot be
    used."""
    book = read_rules(folders)
    if book.faults:
        raise BadRule(book.faults[0].message, book.faults[0].remedy)
    return book.rules


def read_rules(folders: Iterable[Path] = ()) -> RuleBook:
    """Those that ship and those in `folders`. A file of an organisation's own replaces the rule of the same
    id; one that cannot be used is told in `faults`, and the rule that ships stays in its place."""
    return _read_all(tuple((folder, _stamp(folder)) for folder in folders))


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Differs where a file of the folder does."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        with suppress(OSError):
            told = path.stat()
            found.append((path.name, told.st_mtime_ns, told.st_size))
    return tuple(found)


@lru_cache(maxsize=8)
def _read_all(stamped: tuple[tuple[Path, tuple[tuple[str, int, int], ...]], ...]) -> RuleBook:
    shipped = _shipped()
    own: dict[str, tuple[Rule, str]] = {}
    faults: list[RuleFault] = []
    for folder, _ in stamped:
        if not folder.is_dir():
            faults.append(
                RuleFault(
                    str(folder), f"The folder of rules {folder} does not exist.", "Make it, or name another."
                )
            )
            continue
        for path in sorted(folder.glob("*.toml")):
            try:
                rule = _own(path)
            except BadRule as error:
                faults.append(RuleFault(str(path), error.message, error.remedy))
                continue
            if rule.id in own:
                message = f"{path}: the id {rule.id} is also in {own[rule.id][1]}."
                faults.append(RuleFault(str(path), message, "Give it another."))
            else:
                own[rule.id] = (rule, str(path))
    while misfit := _misfit(shipped, own):
        rule_id, wrong = misfit
        faults.append(RuleFault(own.pop(rule_id)[1], wrong.message, wrong.remedy))
    return RuleBook(
        _ordered(shipped, own), {rule_id: file for rule_id, (_, file) in own.items()}, tuple(faults)
    )


@cache
def _shipped() -> dict[str, Rule]:
    folder = files("seatbeacon.optimization").joinpath("rules")
    texts = ((one.name, one.read_text("utf-8")) for one in folder.iterdir() if one.name.endswith(".toml"))
    rules = (read_rule(f"rules/{name}", text) for name, text in sorted(texts))
    return {rule.id: rule for rule in rules}


def _own(path: Path) -> Rule:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRule(f"{path} cannot be read: {error}.", "A rule file is TOML in UTF-8.") from error
    return read_rule(str(path), text)


def _ordered(shipped: Mapping[str, Rule], own: Mapping[str, tuple[Rule, str]]) -> tuple[Rule, ...]:
    rules = {**shipped, **{rule_id: rule for rule_id, (rule, _) in own.items()}}
    return tuple(sorted(rules.values(), key=lambda rule: (rule.order, rule.id)))


def _misfit(shipped: Mapping[str, Rule], own: Mapping[str, tuple[Rule, str]]) -> tuple[str, BadRule] | None:
    """A rule of the organisation's own that cannot stand among the others, and why."""
    rules = _ordered(shipped, own)
    reached: Rule | None = None
    for rule in rules:
        if not rule.saves or rule.method not in STAGES:
            continue
        if reached is not None and STAGES[rule.method] < STAGES[reached.method]:
            wrong, other = (rule, reached) if rule.id in own else (reached, rule)
            where = "behind" if wrong is rule else "before"
            what = "judges what it leaves" if wrong is rule else "it judges the rest of"
            return wrong.id, BadRule(
                f"{own[wrong.id][1]}: order {wrong.order} puts it {where} {other.id}, which {what}.",
                "Give it another order: rules by conditions first, then overlap, then replacement.",
            )
        reached = rule
    if len(rules) > MOST:
        last = next(rule for rule in reversed(rules) if rule.id in own and rule.id not in shipped)
        return last.id, BadRule(
            f"{own[last.id][1]}: there are {len(rules)} rules with it; {MOST} are the most.",
            "Take out those that you do not use.",
        )
    return None
