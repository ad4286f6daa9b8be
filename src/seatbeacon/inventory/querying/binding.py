"""The values that a statement binds, and the moments that its declared parts name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REFRESH = (
    "SELECT max(refresh_date) FROM dataset_state WHERE dataset = 'activeUsers' AND collected_at IS NOT NULL"
)
"""The day that a version tells activity as of."""


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class Times:
    """`moment`: naive UTC, None for now. `refresh`: the day that the version tells activity as of, None where
    no report tells. `today`: what other relative dates count from. `several` looks up the users to whom a
    product came in several ways, a bit for each number; None where nobody can. `users` does so
    for those whom some SQL after FROM, with the values that it binds, finds. `prepared`: whether what was
    prepared of the version can be read. `keys` answers a statement of one column and few rows. `then`: the
    moment that is asked about, where a file of its own tells it, as of now."""

    moment: datetime | None = None
    refresh: date | None = None
    today: date = field(default_factory=today)
    several: Callable[[], bytes] | None = None
    users: Callable[[str, tuple[object, ...]], bytes] | None = None
    prepared: bool = False
    keys: Callable[[str, tuple[object, ...]], list[str | int]] | None = None
    then: datetime | None = None


def among(expression: str, numbers: Sequence[int]) -> str:
    """The condition that an expression is one of `numbers`. They are written out, not bound: a scan skips
    what constants exclude."""
    return f"{expression} IN ({', '.join(str(int(number)) for number in numbers)})"


@dataclass
class Binder:
    """Gathers values; answers the mark that stands for each in the statement."""

    times: Times
    near: Sequence[int] = ()
    """The numbers of the users that `{near}` keeps to; none for all."""
    values: list[object] = field(default_factory=list)

    def bind(self, value: object) -> str:
        """The mark of `value`, `$1` and on."""
        self.values.append(value)
        return f"${len(self.values)}"

    def settle(self, sql: str) -> str:
        """`sql` with `{moment}`, `{refresh}` and `{today}` as bound values, `{near}` and `{several}` as
        conditions on user_no."""
        while "{several}" in sql:  # of few users, all may be put together
            known = None if self.near else self.times.several
            met = f"get_bit({self.bind(known())}::BLOB::BIT, user_no) = 1" if known else "TRUE"
            sql = sql.replace("{several}", met, 1)
        sql = sql.replace("{near}", among("user_no", self.near) if self.near else "TRUE")
        for name, value, kind in (
            ("{moment}", self.times.moment, "TIMESTAMP"),
            ("{refresh}", self.times.refresh, "DATE"),
            ("{today}", self.times.today, "DATE"),
        ):
            if name in sql:
                sql = sql.replace(name, f"{self.bind(value)}::{kind}")
        return sql
