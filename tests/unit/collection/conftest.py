"""A Graph that answers from memory, page by page, and does at any request what a test tells it to."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from seatbeacon.collection.collector import collect
from seatbeacon.collection.datasets import BY_NAME, DATASETS, Kind
from seatbeacon.graph.clouds import CLOUDS
from seatbeacon.graph.download import Download
from seatbeacon.graph.errors import NotFound, NotSupported
from seatbeacon.graph.pages import Page
from seatbeacon.graph.statistics import Statistics

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.collection.package import Manifest
    from seatbeacon.graph.client import GraphClient

TENANT = "11111111-2222-3333-4444-555555555555"
Fault = Callable[["FakeGraph", str, int], None]


def guid(kind: int, number: int) -> str:
    return str(uuid.UUID(int=(kind << 64) + number * 0x9E3779B97F4A7C15 % (1 << 64)))


@dataclass
class FakeGraph:
    """Stands in for `GraphClient`. `fault(graph, path, number)` is called before each answer, `number`
    counting the requests so far, and may raise; `page_size` caps every page; `counts` overrides `$count`."""

    users: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    apps: list[dict[str, Any]] = field(default_factory=list)
    roles: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    reports: dict[str, bytes] = field(default_factory=dict)
    tenant: str = TENANT
    page_size: int = 999
    fault: Fault | None = None
    pretty: bool = False
    counts: Callable[[int], int] = lambda count: count
    filters: bool = True
    paths: list[str] = field(default_factory=list)
    stats: Statistics = field(default_factory=Statistics)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def part(self) -> Self:
        copy = object.__new__(type(self))
        copy.__dict__ = {**self.__dict__, "stats": Statistics(self.stats)}
        return copy

    def _asked(self, path: str) -> None:
        with self.lock:
            self.paths.append(path)
            number = len(self.paths)
        self.stats.add(requests=1)
        if self.fault is not None:
            self.fault(self, path, number)

    def _listing(self, path: str, headers: dict[str, str]) -> list[dict[str, Any]]:  # noqa: C901, PLR0911 - one branch per path
        parts = urlsplit(path)
        options = {name: values[0] for name, values in parse_qs(parts.query).items()}
        where = options.get("$filter", "")
        advanced = headers.get("ConsistencyLevel") == "eventual" and options.get("$count") == "true"
        if ("not " in where or "$count" in where) and not advanced and not parts.path.endswith("/$count"):
            raise NotSupported("Advanced query", status=400)
        if where and not self.filters:
            raise NotSupported("No filters here", status=400)
        name = parts.path.removesuffix("/$count")
        if name == "/users":
            return [user for user in self.users if matches(where, user["userPrincipalName"])]
        if name == "/groups":
            return [group for group in self.groups if not where or group["assignedLicenses"]]
        if name == "/servicePrincipals":
            return [app for app in self.apps if not where or app["tags"]]
        if match := re.fullmatch(r"/servicePrincipals/([^/]+)/appRoleAssignedTo", name):
            if match[1] not in self.roles:
                raise NotFound("gone", status=404)
            return self.roles[match[1]]
        if name == "/organization":
            domains = [{"name": "contoso.com", "isDefault": True, "isInitial": False}]
            return [{"id": self.tenant, "displayName": "Contoso", "verifiedDomains": domains}]
        if name == "/subscribedSkus":
            return [{"id": f"{self.tenant}_{guid(9, 1)}", "skuId": guid(9, 1), "skuPartNumber": "E5"}]
        if name == "/directory/subscriptions":
            return [{"id": guid(8, 1), "skuId": guid(9, 1)}]
        raise NotFound(name, status=404)

    def pages(self, path: str, *, headers: dict[str, str] | None = None) -> Iterator[Page]:
        top = int(parse_qs(urlsplit(path).query).get("$top", ["100"])[0])
        size = min(top, self.page_size)
        start = 0
        while True:
            self._asked(path)
            found = self._listing(path, headers or {})
            last = start + size >= len(found)
            yield Page(
                items=[msgspec.Raw(self._encode(each)) for each in found[start : start + size]],
                next_link=None if last else "more",
                count=len(found) if "$count=true" in path and not start else None,
            )
            if last:
                return
            start += size

    def _encode(self, value: Any) -> bytes:
        text = msgspec.json.encode(value)
        return msgspec.json.format(text, indent=2) if self.pretty else text

    def count(self, path: str, *, headers: dict[str, str] | None = None) -> int:
        self._asked(path)
        return self.counts(len(self._listing(path, {**(headers or {})})))

    def get_object(self, path: str, *, headers: dict[str, str] | None = None) -> bytes:
        self._asked(path)
        if match := re.match(r"/servicePrincipals/([^/?]+)", path):
            if match[1] not in self.roles:
                raise NotFound("gone", status=404)
            return self._encode({"id": match[1]})
        return self._encode({"displayConcealedNames": False})

    def download(self, path: str, open_sink: Callable[[], BinaryIO]) -> Download:
        self._asked(path)
        if path not in self.reports:
            raise NotFound(path, status=404)
        with open_sink() as sink:
            sink.write(self.reports[path])
        return Download(bytes=len(self.reports[path]), content_type="text/csv")


def matches(where: str, name: str) -> bool:
    """Whether the filters that shards are made of hold."""

    def clause(text: str) -> bool:
        match = re.fullmatch(r"(not )?startswith\(userPrincipalName,'(.*)'\)", text)
        assert match, text
        return name.lower().startswith(match[2].replace("''", "'")) is not bool(match[1])

    return not where or any(all(map(clause, term.split(" and "))) for term in where.split(" or "))


def report(name: str, rows: int = 3, *, who: str = "anna{}@contoso.com") -> bytes:
    """A report with the columns that a package promises, BOM and CRLF."""
    dataset = BY_NAME[name]
    columns = [*dataset.schema.columns, "Report Period"]
    lines = [",".join(columns)]
    for number in range(rows):
        values = {
            "Report Refresh Date": "2026-09-01",
            "Report Period": "180",
            dataset.name_column: who.format(number),
        }
        lines.append(",".join(values.get(column, "") for column in columns))
    return b"\xef\xbb\xbf" + "".join(f"{line}\r\n" for line in lines).encode()


def contoso(users: int = 40, apps: int = 3) -> FakeGraph:
    """A small tenant."""
    names = ["anna", "bert", "carla", "dora"]
    return FakeGraph(
        users=[
            {"id": guid(1, number), "userPrincipalName": f"{names[number % 4]}{number}@contoso.com"}
            for number in range(users)
        ],
        groups=[
            {"id": guid(2, number), "assignedLicenses": [{"skuId": guid(9, 1)}] if number % 2 else []}
            for number in range(6)
        ],
        apps=[
            {
                "id": guid(3, number),
                "tags": ["WindowsAzureActiveDirectoryIntegratedApp"] if number < apps else [],
            }
            for number in range(apps + 2)
        ],
        roles={
            guid(3, number): [
                {"id": f"role-{number}-{each}", "principalId": guid(1, each)} for each in range(5)
            ]
            for number in range(apps)
        },
        reports={
            dataset.request().path: report(dataset.name)
            for dataset in DATASETS
            if dataset.kind is Kind.REPORT
        },
    )


@pytest.fixture
def graph() -> FakeGraph:
    return contoso()


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Manifest]:
    """Collect from a `FakeGraph` into `tmp_path / "package"`, unless told otherwise."""

    def collected(graph: FakeGraph, **options: Any) -> Manifest:
        settings: dict[str, Any] = {"connection": "Contoso", "cloud": CLOUDS["global"], **options}
        folder = settings.pop("folder", tmp_path / "package")
        return collect(cast("GraphClient", graph), folder, **settings)

    return collected


@pytest.fixture
def make_tenant() -> Callable[..., FakeGraph]:
    return contoso


@pytest.fixture
def make_report() -> Callable[..., bytes]:
    return report
