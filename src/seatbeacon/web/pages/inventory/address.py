"""What the address of a list asks for. It carries everything, in one canonical and short form, so that it
can be sent to a colleague, saved as a view, and exported."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from django.http import QueryDict

ROWS = (25, 50, 100, 250)
"""How many rows a page can have."""

STANDARD_ROWS = 50
_READABLE = "=,:~!@/ "
"""What stands in an address as it is: a filter is read by people too."""

_MOST = 40  # filters: an address has an end
_LONGEST = 4_000  # characters of one part
_LONGEST_PLACE = 16_384


@dataclass(frozen=True)
class Asked:
    """One address: `tenant` its id or name, filters as people write them (`department=Sales`), `sort` and
    `columns` keys, `as_of` a day (2026-03-01), `after` the place of a page behind the numbered ones.
    `standard` marks the plain list where it would open with a view of the reader's choice."""

    tenant: str = ""
    search: str = ""
    filters: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    group: str = ""
    as_of: str = ""
    rows: int = STANDARD_ROWS
    page: int = 1
    after: str = ""
    standard: bool = False

    def but(self, **changes: Any) -> Asked:
        """The same with `changes`, from its first page on."""
        kept: dict[str, Any] = {"page": 1, "after": ""}
        return replace(self, **(kept | changes))

    @property
    def narrowed(self) -> bool:
        """Whether rows are left out by a search or a filter."""
        return bool(self.search or self.filters)

    @property
    def view(self) -> str:
        """What a saved view keeps: everything but the tenant and the page."""
        return self.but(tenant="", standard=False).query

    @property
    def query(self) -> str:
        """The canonical query string, without a question mark; empty where nothing is asked for."""
        pairs = [("q", self.search), *(("f", text) for text in self.filters)]
        pairs += [
            ("sort", ",".join(self.sort)),
            ("columns", ",".join(self.columns)),
            ("group", self.group),
            ("as_of", self.as_of),
            ("rows", str(self.rows) if self.rows != STANDARD_ROWS else ""),
            ("page", str(self.page) if self.page > 1 and not self.after else ""),
            ("after", self.after),
        ]
        given = [pair for pair in pairs if pair[1]] or ([("view", "standard")] if self.standard else [])
        tenant = [("tenant", self.tenant)] if self.tenant else []
        return "&".join(
            f"{name}={quote(value, safe=_READABLE).replace(' ', '+')}" for name, value in (*tenant, *given)
        )

    @property
    def address(self) -> str:
        """The query string with its question mark: a link on the page itself."""
        return f"?{self.query}"


def asked_by(parameters: QueryDict) -> Asked:
    """Read an address. What is no number, or too long, counts as not given; names are judged later."""
    return Asked(
        tenant=_text(parameters.get("tenant")),
        search=" ".join(_text(parameters.get("q")).split()),
        filters=_each(parameters.getlist("f")),
        sort=_each(",".join(parameters.getlist("sort")).split(",")),
        columns=_each([*",".join(parameters.getlist("columns")).split(","), *parameters.getlist("c")]),
        group=_text(parameters.get("group")),
        as_of=_text(parameters.get("as_of")),
        rows=_number(parameters.get("rows"), STANDARD_ROWS, among=ROWS),
        page=_number(parameters.get("page"), 1),
        after=(parameters.get("after") or "")[:_LONGEST_PLACE],
        standard=parameters.get("view") == "standard",
    )


def _text(value: str | None) -> str:
    return (value or "").replace("\x00", "").strip()[:_LONGEST]


def _each(values: list[str]) -> tuple[str, ...]:
    """Each value once, in the order given."""
    return tuple(dict.fromkeys(text for text in map(_text, values[: _MOST * 4]) if text))[: _MOST * 2]


def _number(value: str | None, standard: int, among: tuple[int, ...] = ()) -> int:
    if not value or not (value.isascii() and value.isdecimal()) or len(value) > 9:
        return standard
    number = int(value)
    return number if number > 0 and (not among or number in among) else standard
