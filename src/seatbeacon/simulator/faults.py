"""Faults on demand: what goes wrong, at which of the matching requests, and how often.

status kinds   429 500 502 503 504 (any status from 400 up), 401, claims, 403, 404, expired-page
connection     refused reset truncated truncated-gzip truncated-chunked stall slow
content        bad-json html login-redirect empty-page foreign-link repeat-link duplicates early-end
sign-in        aadsts
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.simulator.reply import Request

STATUS_KINDS = ("429", "500", "502", "503", "504")
CONNECTION_KINDS = ("refused", "reset", "truncated", "truncated-gzip", "truncated-chunked", "stall", "slow")
CONTENT_KINDS = (
    "bad-json",
    "html",
    "login-redirect",
    "empty-page",
    "foreign-link",
    "repeat-link",
    "duplicates",
    "early-end",
)
ANSWER_KINDS = ("401", "claims", "403", "404", "410", "expired-page", "aadsts")
KINDS = (*STATUS_KINDS, *ANSWER_KINDS, *CONNECTION_KINDS, *CONTENT_KINDS)
FOR_GOOD = 1_000_000_000
_STATUS = re.compile(r"[45]\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    `match` is a regular expression searched in the request's path with query, percent-decoded
    (`/v1.0/users?$select=…`); `role`
    is graph, login, download or any. The fault shows at the matching requests number `at` to `at + times -
    1`,
    counted from 1; `every` N repeats it at each Nth matching request from `at` on, `times` in all.
    """

    kind: str
    match: str = ""
    at: int = 1
    times: int = 1
    every: int = 0
    role: str = "graph"
    retry_after: str | None = None
    """Seconds, whole (`2`) or decimal (`2.5`); `date:3` for an HTTP date three seconds ahead; None for no
    header."""
    seconds: float = 1.0
    """How long a refusal, a stall or a slow answer lasts; a stall of 0 lasts until the caller gives up."""
    code: str | None = None
    """Graph's error code, or the AADSTS number."""
    message: str | None = None
    to: str | None = None
    """Where a foreign next link leads: scheme, host and port."""
    share: float = 0.5
    """How much of a broken body is sent."""

    def __post_init__(self) -> None:
        """Refuse what is no fault (ValueError that says what there is)."""
        if self.kind not in KINDS and not _STATUS.fullmatch(self.kind):
            raise ValueError(
                f"there is no fault '{self.kind}'; there are {', '.join(KINDS)} and any status from "
                "400 to 599"
            )
        if self.role not in ("graph", "login", "download", "any"):
            raise ValueError(f"a fault's role is graph, login, download or any, not '{self.role}'")
        if self.at < 1 or self.times < 1 or self.every < 0:
            raise ValueError("a fault's at and times count from 1, and every from 0")
        try:
            re.compile(self.match)
        except re.error as error:
            raise ValueError(
                f"a fault's match is a regular expression, and '{self.match}' is none: {error}"
            ) from error

    @property
    def last(self) -> int:
        """The number of the last matching request that it may show at."""
        return self.at + (self.times - 1) * max(1, self.every)

    def shows_at(self, number: int) -> bool:
        """Whether it shows at the matching request of that number."""
        if not self.at <= number <= self.last:
            return False
        return self.every <= 1 or (number - self.at) % self.every == 0


_NUMBERS = {"at": int, "times": int, "every": int, "seconds": float, "share": float}
_NAMES = {entry.name for entry in fields(Fault)} - {"kind"}


def parse_fault(text: str) -> Fault:
    """A fault as the command line writes it: `429:path=/users,at=3,retry_after=2.5,times=2`.

    `path` is another name for `match`; `times=always` never ends. A comma in a value is written `\\,`.
    ValueError says what is wrong.
    """
    kind, _, rest = text.partition(":")
    options: dict[str, str] = {}
    for part in re.split(r"(?<!\\),", rest) if rest else ():
        name, separator, value = part.partition("=")
        name = {"path": "match", "dataset": "match"}.get(name.strip(), name.strip())
        if name not in _NAMES or not separator:
            raise ValueError(
                f"a fault has no '{part}'; it may have path, {', '.join(sorted(_NAMES))}, each as name=value"
            )
        options[name] = value.replace("\\,", ",")
    if options.get("times") == "always":
        options["times"] = str(FOR_GOOD)
    try:
        typed = {
            name: _NUMBERS[name](value) if name in _NUMBERS else value for name, value in options.items()
        }
    except ValueError as error:
        raise ValueError(f"a number was expected in the fault '{text}': {error}") from error
    return Fault(kind=kind.strip(), **typed)  # type: ignore[arg-type]


@dataclass
class _Armed:
    fault: Fault
    pattern: re.Pattern[str]
    seen: int = 0
    shown: int = 0


@dataclass
class FaultPlan:
    """The faults of one simulator, which may be added and cleared while it runs."""

    _armed: list[_Armed] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, *faults: Fault) -> None:
        """Arm faults; each counts matching requests from now on."""
        with self._lock:
            self._armed.extend(_Armed(fault, re.compile(fault.match)) for fault in faults)

    def set(self, faults: Sequence[Fault]) -> None:
        """Arm these faults and no others."""
        self.clear()
        self.add(*faults)

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def take(self, request: Request) -> Fault | None:
        """The fault that shows at this request, if any; the first armed wins, and all that match count it."""
        target = unquote(request.target)
        chosen: _Armed | None = None
        with self._lock:
            for armed in self._armed:
                if armed.fault.role not in (request.role, "any") or not armed.pattern.search(target):
                    continue
                armed.seen += 1
                if chosen is None and armed.fault.shows_at(armed.seen):
                    chosen = armed
                    armed.shown += 1
        return chosen.fault if chosen else None

    def shown(self) -> int:
        """How many faults have been shown."""
        with self._lock:
            return sum(armed.shown for armed in self._armed)

    def describe(self) -> list[dict[str, object]]:
        """Each armed fault with how often it was matched and shown."""
        with self._lock:
            return [
                {
                    "kind": armed.fault.kind,
                    "match": armed.fault.match,
                    "at": armed.fault.at,
                    "matched": armed.seen,
                    "shown": armed.shown,
                }
                for armed in self._armed
            ]
