"""The sentences that a rule's conditions are made of, and the SQL that each stands for.

A condition is one of these sentences, so that a rule file can be read aloud, and can do nothing else. Values
are bound, never pasted. The columns are those of `seats` (see sql/facts.sql), which the statement calls `s`,
and of `products`, which it calls `p`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from seatbeacon.optimization.errors import BadRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Evidence = Literal["activity", "mailboxes", "sign-ins"]
"""What a condition is judged by besides the directory: where it is not known, neither is the answer."""

_GIGABYTE = 1 << 30
_NUMBER = r"(\d+(?:\.\d+)?)"
_LIST = r"(.+)"


@dataclass(frozen=True)
class Condition:
    """SQL over a seat `s` and its product `p`, the values it binds in order, and what it is judged by."""

    sql: str
    values: tuple[object, ...] = ()
    evidence: frozenset[Evidence] = frozenset()

    @property
    def of_product(self) -> bool:
        """Whether it looks at the product alone, and at nothing of its holder."""
        return "s." not in self.sql


@dataclass(frozen=True)
class Phrase:
    """One kind of sentence: how it is written in documentation, and what it compiles to."""

    written: str
    meaning: str
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], Condition]
    judged_by: str = "directory"


def _by(evidence: tuple[Evidence, ...]) -> str:
    return ", ".join(evidence) or "directory"


def _fixed(written: str, sql: str, meaning: str, *evidence: Evidence) -> Phrase:
    condition = Condition(sql, (), frozenset(evidence))
    return Phrase(written, meaning, re.compile(re.escape(written)), lambda _found: condition, _by(evidence))


def _counted(written: str, sql: str, meaning: str, *evidence: Evidence, scale: int = 1) -> Phrase:
    shape = re.escape(written).replace("N", _NUMBER, 1)

    def build(found: re.Match[str]) -> Condition:
        number = int(float(found.group(1)) * scale)
        return Condition(sql, (number,) * sql.count("?"), frozenset(evidence))

    return Phrase(written, meaning, re.compile(shape), build, _by(evidence))


def _listed(written: str, sql: str, meaning: str) -> Phrase:
    """`… is one of A, B` and `… is not one of A, B`."""
    shape = re.escape(written).replace("is", "is( not)?", 1) + f" one of {_LIST}"

    def build(found: re.Match[str]) -> Condition:
        values = [word.strip().lower() for word in found.group(2).split(",") if word.strip()]
        return Condition(f"NOT coalesce({sql}, FALSE)" if found.group(1) else sql, (values,))

    return Phrase(f"{written} [not] one of A, B, …", meaning, re.compile(shape), build)


def _user_text(name: str, column: str) -> Phrase:
    # Texts of users stay where they are; a rule that asks for one looks there.
    return _listed(
        f"the user's {name} is",
        f"s.user_no IN (SELECT user_no FROM inv.users WHERE list_contains(?::VARCHAR[], lower({column})))",  # noqa: S608 - the columns named below
        f"The user's {name}, compared without regard to case.",
    )


PHRASES: tuple[Phrase, ...] = (
    _fixed("the product is paid", "p.paid", "Neither free nor a trial, by the product families."),
    _fixed("the product is free or a trial", "NOT p.paid", "By the product families."),
    _listed(
        "the product is",
        "len(list_filter(?::VARCHAR[], lambda shape: p.part_number GLOB upper(shape))) > 0",
        "Part numbers; * stands for anything.",
    ),
    _listed(
        "the product's family is",
        "list_contains(?::VARCHAR[], p.family)",
        "Ids of families, such as m365-e5: academic, government and regional kin are in the same.",
    ),
    _listed(
        "the product's role is",
        "list_contains(?::VARCHAR[], p.role)",
        "suite, component, add-on, app, copilot, room, free, trial or other.",
    ),
    _fixed("the account is enabled", "s.enabled", "`accountEnabled` is true."),
    _fixed("the account is disabled", "NOT s.enabled", "`accountEnabled` is false."),
    _fixed("the user is a guest", "s.guest", "`userType` is Guest."),
    _fixed("the user is a member", "NOT s.guest", "`userType` is not Guest."),
    _counted(
        "the account is at least N days old",
        "s.created_on <= (SELECT imported_on FROM facts) - ?::INTEGER",
        "By `createdDateTime`.",
    ),
    _fixed(
        "the organisation says that the user has left",
        "s.user_no IN (SELECT user_no FROM gone)",
        "The user is in the list of leavers that was handed in.",
    ),
    _counted(
        "held for at least N days",
        "(?::INTEGER = 0 "
        "OR s.assigned_on <= coalesce(s.told_on, (SELECT imported_on FROM facts)) - ?::INTEGER)",
        "Since the earliest assignment that still gives it; where no date is told, since an import saw it.",
    ),
    _fixed(
        "never used",
        "s.known AND s.last_on IS NULL",
        "No activity is known in any application that the license gives.",
        "activity",
    ),
    _counted(
        "not used for N days",
        "s.known AND s.last_on <= s.told_on - ?::INTEGER AND s.assigned_on <= s.told_on - ?::INTEGER",
        "Used, but in none of its applications in the N days that end with the report; held as long.",
        "activity",
    ),
    _counted(
        "used in the last N days",
        "s.known AND s.last_on > s.told_on - ?::INTEGER",
        "Some activity in an application that the license gives.",
        "activity",
    ),
    _counted(
        "no sign-in for N days",
        "s.sign_in_on <= (SELECT signed_in_until FROM facts) - ?::INTEGER",
        "The last successful sign-in is older.",
        "sign-ins",
    ),
    _fixed(
        "the mailbox is shared or a room",
        "s.mailbox = 'shared'",
        "By the recipient type of the mailbox report.",
        "mailboxes",
    ),
    _fixed(
        "the mailbox is neither shared nor a room",
        "s.mailbox IS DISTINCT FROM 'shared'",
        "As far as is known: true where no report tells.",
    ),
    _fixed(
        "the mailbox is a user's",
        "s.mailbox = 'user'",
        "By the recipient type of the mailbox report.",
        "mailboxes",
    ),
    _counted(
        "the mailbox holds at most N GB",
        "s.mailbox_bytes <= ?::BIGINT",
        "Storage used.",
        "mailboxes",
        scale=_GIGABYTE,
    ),
    _counted(
        "the mailbox holds more than N GB",
        "s.mailbox_bytes > ?::BIGINT",
        "Storage used.",
        "mailboxes",
        scale=_GIGABYTE,
    ),
    _fixed("the mailbox has an archive", "s.archive", "An archive is switched on.", "mailboxes"),
    _fixed("the mailbox has no archive", "NOT s.archive", "No archive is switched on.", "mailboxes"),
    _fixed(
        "it came directly and by a group",
        "s.direct AND s.grouped",
        "One assignment of each kind gives the same license.",
    ),
    _fixed("it came directly", "s.direct", "An assignment of the license names the user."),
    _fixed("it came by a group", "s.grouped", "An assignment of the license names a group."),
    _user_text("department", "department"),
    _user_text("company", "company_name"),
    _user_text("country", "country"),
    _user_text("usage location", "usage_location"),
    _user_text("job title", "job_title"),
    _user_text("employee type", "employee_type"),
    _user_text("cost center", "cost_center"),
    _user_text("office", "office_location"),
)


def plain(value: float) -> str:
    """A number as people write it: 90, 0.5."""
    return str(int(value)) if float(value).is_integer() else f"{value:.6f}".rstrip("0")


def compile_phrase(text: str, thresholds: Mapping[str, float], *, where: str) -> Condition:
    """The condition that a sentence stands for; `{name}` in it is a threshold. Raises `BadRule`, which begins
    with `where` (the file and the field)."""
    try:
        filled = text.format_map({name: plain(value) for name, value in thresholds.items()})
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        names = ", ".join(thresholds) or "none"
        raise BadRule(
            f"{where}: {text!r} names a threshold that the rule does not have.", f"It has: {names}."
        ) from error
    for phrase in PHRASES:
        found = phrase.pattern.fullmatch(filled.strip())
        if found:
            return phrase.build(found)
    close = get_close_matches(text, [phrase.written for phrase in PHRASES], n=2, cutoff=0.5)
    guess = f"Did you mean {' or '.join(repr(each) for each in close)}? " if close else ""
    raise BadRule(f"{where}: {text!r} is no condition.", f"{guess}All stand in docs/reference/conditions.md.")
