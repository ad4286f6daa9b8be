"""Every listing of a tenant of a million users: each sort, filter and search, groups, and exports.

A page is 50 rows, its count beside it, as a page of the web asks for them. Each is asked once on a warm
process, so no answer is one that was kept. The inventory has a year of history (see `big_inventory`).
"""

from __future__ import annotations

import io
import os
import statistics
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil

from benchmarks.big_inventory import big_inventory
from seatbeacon.inventory import exports, query
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.remembered import forget_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.inventory.listings import Listing

PAGE = 50
MONTHS_AGO = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
_FILTERS = {
    "users": ("department=Sales", "account_kind=guest", "last_activity_date<=90d", "licenses=VISIOCLIENT",
              "activity=never active", "account_enabled=no", "manager_name~number77", "license_count>=2"),
    "assignments": ("sku_part_number=VISIOCLIENT", "source=group", "department=Sales", "group_name=Group 7",
                    "activity=inactive", "account_enabled=no"),
    "holders": ("sku_part_number=VISIOCLIENT", "department=Sales", "activity=never active"),
    "usage": ("application=Copilot", "platform=All", "department=Sales", "last_activity_date<=90d",
              "application=Word|Excel"),
    "usage-matrix": ("department=Sales", "copilot!=null", "word<=90d"),
}  # fmt: skip
_SEARCHES = ("number77", "Person Number123456", "sales", "nobody-has-this", "title 9 engineering")
_GROUPS = {
    "users": ("department", "country", "account_kind", "licenses", "activity", "manager_name"),
    "assignments": ("sku_part_number", "source", "department"),
    "holders": ("sku_part_number", "department"),
    "usage": ("application", "platform", "department"),
}


class Times:
    """Milliseconds by what was asked; `cpu` are those of all cores together, which say the same on a machine
    that has other work."""

    def __init__(self) -> None:
        self.taken: list[tuple[float, str]] = []
        self.cpu: list[float] = []

    def measure(self, what: str, ask: Callable[[], object]) -> None:
        """Ask once."""
        started, used = time.perf_counter(), time.process_time()
        ask()
        self.cpu.append((time.process_time() - used) * 1000)
        self.taken.append(((time.perf_counter() - started) * 1000, what))

    def add(self, other: Times) -> None:
        """Take in what others measured."""
        self.taken += other.taken
        self.cpu += other.cpu

    def of_cpu(self) -> str:
        """The median of CPU, and what 95 of 100 stay below."""
        found = sorted(self.cpu)
        p95 = found[min(len(found) - 1, int(len(found) * 0.95))]
        return f"CPU: {statistics.median(found):.0f} ms in the median, 95 of 100 below {p95:.0f} ms"

    def line(self, name: str) -> str:
        """Number, median, 95th percentile, and the slowest."""
        found = sorted(self.taken)
        times = [each for each, _ in found]
        p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
        slowest, what = found[-1]
        return f"  {name:24} {len(times):4} {statistics.median(times):8.0f} {p95:8.0f} {slowest:8.0f}  {what}"


def run() -> None:
    """Print a table of pages, one of groups, and the exports."""
    file = big_inventory()
    names = os.environ.get("SEATBEACON_BENCHMARK_LISTINGS", ",".join(LISTINGS)).split(",")
    print(f"  {'pages of 50':24} {'asked':>4} {'p50 ms':>8} {'p95 ms':>8} {'worst ms':>8}")
    every = Times()
    for name in names:
        query.count(file, name)
        list(query.run(file, name, limit=PAGE).rows)
        found = pages(file, LISTINGS[name])
        every.taken += [(each, f"{name}: {what}") for each, what in found.taken]
        print(found.line(name), flush=True)
    print(every.line("all"))
    for name in names:
        if LISTINGS[name].as_of:
            found = past(file, LISTINGS[name])
            print(found.line(f"{name} as of March"), flush=True)
    found = Times()
    for name in names:
        for key in _GROUPS.get(name, ()):
            found.measure(f"{name} by {key}", lambda n=name, k=key: query.group(file, n, k))  # type: ignore[misc]
    if found.taken:
        print(found.line("groups"))
    for format_ in ("parquet", "csv", "xlsx"):
        _export(file, format_)
    print(f"  memory of the process: {psutil.Process().memory_info().rss / (1 << 20):,.0f} MiB")


def pages(file: Path, listing: Listing) -> Times:
    """Every column both ways; filters and searches with the usual order and another; the page after."""
    found, name = Times(), listing.name
    for column in listing.columns:
        for sort in (column.key, f"-{column.key}"):
            found.measure(f"sort {sort}", lambda s=sort: query.run(file, name, sort=[s], limit=PAGE))  # type: ignore[misc]
    visible = [column.key for column in listing.columns if column.default_visible]
    for order in ([], [f"-{visible[-1]}"]):
        for text in _FILTERS.get(name, ()):
            asked = [query.parse_filter(text)]
            _both(found, file, f"{text} sort {order}", listing=name, filters=asked, sort=order)
        for words in _SEARCHES:
            _both(found, file, f"search {words!r} sort {order}", listing=name, search=words, sort=order)
    page = query.run(file, name, limit=PAGE)
    if page.next:
        found.measure("next page", lambda: query.run(file, name, limit=PAGE, after=page.next))
    return found


def past(file: Path, listing: Listing) -> Times:
    """The usual order, then one by each visible column, as of a day five months ago."""
    found, name = Times(), listing.name
    for sort in ([], *([column.key] for column in listing.columns if column.default_visible)):
        found.measure(
            f"sort {sort}",
            lambda s=sort: query.run(file, name, sort=s, limit=PAGE, as_of=MONTHS_AGO),  # type: ignore[misc]
        )
    found.measure("count", lambda: query.count(file, name, as_of=MONTHS_AGO))
    return found


def _both(found: Times, file: Path, what: str, **asked: object) -> None:
    """A page and its count, as one."""
    sort = asked.pop("sort")

    def ask() -> None:
        query.run(file, sort=sort, limit=PAGE, **asked)  # type: ignore[arg-type]
        query.count(file, **asked)  # type: ignore[arg-type]

    forget_all()
    found.measure(what, ask)


def _export(file: Path, name: str) -> None:
    class Counting(io.RawIOBase):
        size = 0

        def write(self, data: object) -> int:
            self.size += len(data)  # type: ignore[arg-type]
            return len(data)  # type: ignore[arg-type]

    stream = Counting()
    started = time.perf_counter()
    exports.write(file, "users", stream, format=name)  # type: ignore[arg-type]
    taken = time.perf_counter() - started
    print(f"  1,000,000 users as {name}: {taken:.2f} s, {stream.size / (1 << 20):,.0f} MiB")
