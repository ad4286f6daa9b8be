"""Sorting, filtering and paging of tables, from and to a page's address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import F

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.core.paginator import Page
    from django.db.models import QuerySet
    from django.http import HttpRequest

PER_PAGE = 50
PAGE_REACH = 2
"""How many pages on either side of the current one are linked."""


@dataclass(frozen=True)
class Listing:
    """One page of a table: its rows, how they are sorted, and the address's other parameters."""

    page: Page[Any]
    sort: str
    parameters: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many rows there are on all pages."""
        return self.page.paginator.count

    @property
    def numbers(self) -> list[int | None]:
        """Page numbers to link, None for a gap."""
        return numbers_near(self.page.number, self.page.paginator.num_pages)

    def direction(self, key: str) -> str:
        """How the column `key` is sorted, in the words of `aria-sort`; empty where it is not."""
        return {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")

    def sort_address(self, key: str) -> str:
        """The address that sorts by `key`, the other way round where it does already."""
        return self._address(sort=f"-{key}" if self.sort == key else key)

    def page_address(self, number: int) -> str:
        """The address of another page."""
        return self._address(sort=self.sort, page=str(number))

    def _address(self, **changes: str) -> str:
        kept = [pair for pair in self.parameters if pair[0] not in {"sort", "page"}]
        # Rows that have an order of their own are not sorted by anything that an address could name.
        return f"?{urlencode([*kept, *(pair for pair in changes.items() if pair[1])])}"


def numbers_near(now: int, last: int) -> list[int | None]:
    """Page numbers to link: the first, the last, and those near `now`; None for a gap."""
    near = {1, last, *range(max(1, now - PAGE_REACH), min(last, now + PAGE_REACH) + 1)}
    numbers: list[int | None] = []
    for number in sorted(near):
        if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def sorted_page(
    request: HttpRequest,
    rows: QuerySet[Any],
    sorts: Mapping[str, Sequence[str]],
    *,
    default: str,
    per_page: int = PER_PAGE,
) -> Listing:
    """The page of `rows` that the address asks for with `sort` and `page`.

    `sorts` maps a column's key to the fields it sorts by; an unknown key is the default. Empty values stand
    last either way.
    """
    wanted = request.GET.get("sort", default)
    if wanted.removeprefix("-") not in sorts:
        wanted = default
    first, *others = sorts[wanted.removeprefix("-")]
    order = F(first).desc(nulls_last=True) if wanted.startswith("-") else F(first).asc(nulls_last=True)
    page = Paginator(rows.order_by(order, *others, "pk"), per_page).get_page(request.GET.get("page"))
    return Listing(page, wanted, tuple((key, str(value)) for key, value in request.GET.items() if value))


def page_of(request: HttpRequest, rows: QuerySet[Any], *, per_page: int = PER_PAGE) -> Listing:
    """The page of `rows`, which have an order of their own, that the address asks for."""
    page = Paginator(rows, per_page).get_page(request.GET.get("page"))
    return Listing(page, "", tuple((key, str(value)) for key, value in request.GET.items() if value))


def sorted_rows(
    request: HttpRequest,
    rows: Sequence[Any],
    sorts: Mapping[str, Callable[[Any], Any]],
    *,
    default: str,
    per_page: int = PER_PAGE,
) -> Listing:
    """As `sorted_page`, of rows in memory: `sorts` maps a column's key to what a row is sorted by. Rows of
    the same rank stay in the order in which they came."""
    wanted = request.GET.get("sort", default)
    if wanted.removeprefix("-") not in sorts:
        wanted = default
    ordered = sorted(rows, key=sorts[wanted.removeprefix("-")], reverse=wanted.startswith("-"))
    page = Paginator(ordered, per_page).get_page(request.GET.get("page"))
    return Listing(page, wanted, tuple((key, str(value)) for key, value in request.GET.items() if value))
