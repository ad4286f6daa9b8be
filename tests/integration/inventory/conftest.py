"""Small packages, made by hand, and versions imported from them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import duckdb
import msgspec
import pytest
from blake3 import blake3

from seatbeacon.collection.package.manifest import (
    MANIFEST_NAME,
    DatasetRecord,
    Manifest,
    Outcome,
    TenantIdentity,
)
from seatbeacon.collection.package.reader import Package, open_package
from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.inventory import query
from seatbeacon.inventory.importer import import_package
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.listings.users import PERSON

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seatbeacon.inventory.result import ImportResult

TENANT = "8f1c2a34-0000-4000-8000-00000000aaaa"
E3 = "6fd2c87f-b296-42f0-b197-1e91e994b900"
VISIO = "c5928f49-12ba-48f7-ada3-0d743a3601d5"
EXCHANGE_PLAN = "efb87545-963c-4e0d-99df-69c6916d9eb0"
TEAMS_PLAN = "57ff2da0-773e-42df-b2af-ffb7a2317929"
REFRESH = date(2026, 7, 29)
START = datetime(2026, 7, 31, 2, tzinfo=UTC)


def user(number: int | str, **fields: Any) -> dict[str, Any]:
    """A user as Graph sends it, named after its number."""
    return {
        "id": f"id-{number}",
        "userPrincipalName": f"User{number}@contoso.example",
        "displayName": f"User {number}",
        "accountEnabled": True,
        "userType": "Member",
        "assignedLicenses": [],
        "licenseAssignmentStates": [],
        **fields,
    }


def holding(*skus: str, disabled: Iterable[str] = ()) -> dict[str, Any]:
    """The fields of a user who holds `skus` directly."""
    off = list(disabled)
    return {
        "assignedLicenses": [{"skuId": sku, "disabledPlans": off} for sku in skus],
        "licenseAssignmentStates": [state(sku, disabled=off) for sku in skus],
    }


def state(
    sku: str, group: str | None = None, *, disabled: Iterable[str] = (), **fields: Any
) -> dict[str, Any]:
    """One of a user's licenseAssignmentStates."""
    return {
        "skuId": sku,
        "disabledPlans": list(disabled),
        "assignedByGroup": group,
        "state": "Active",
        "error": "None",
        "lastUpdatedDateTime": "2026-01-02T03:04:05Z",
        **fields,
    }


def sku(sku_id: str = E3, part: str = "ENTERPRISEPACK", **fields: Any) -> dict[str, Any]:
    """A subscribedSku with Exchange and Teams in it."""
    plans = [("EXCHANGE_S_ENTERPRISE", EXCHANGE_PLAN), ("TEAMS1", TEAMS_PLAN)]
    return {
        "id": f"{TENANT}_{sku_id}",
        "skuId": sku_id,
        "skuPartNumber": part,
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "prepaidUnits": {"enabled": 10, "warning": 1, "suspended": 2, "lockedOut": 3},
        "servicePlans": [{"servicePlanId": plan, "servicePlanName": name} for name, plan in plans],
        **fields,
    }


def csv_report(header: str, *rows: str) -> bytes:
    """A report as Microsoft sends it: a byte-order mark and CRLF."""
    return b"\xef\xbb\xbf" + "".join(f"{line}\r\n" for line in (header, *rows)).encode()


def activity(rows: dict[str, str], refresh: date = REFRESH) -> bytes:
    """A report with User Principal Name and Last Activity Date."""
    lines = (f"{refresh},{name},{day},180" for name, day in rows.items())
    return csv_report("Report Refresh Date,User Principal Name,Last Activity Date,Report Period", *lines)


def active_users(rows: dict[str, str], refresh: date = REFRESH) -> bytes:
    """An active-users report that tells of Exchange only."""
    header = "Report Refresh Date,User Principal Name,Exchange Last Activity Date,Teams Last Activity Date"
    return csv_report(header, *(f"{refresh},{name},{day}," for name, day in rows.items()))


def app_usage(period: int, rows: dict[str, str], refresh: date = REFRESH) -> bytes:
    """An app usage report; each user's cells are the headers that say Yes, comma-separated."""
    names = [name for name, kind in SCHEMAS["appUsageD7"].columns.items() if kind == "BOOLEAN"]
    header = ",".join(
        (
            "Report Refresh Date",
            "User Principal Name",
            "Last Activation Date",
            "Last Activity Date",
            "Report Period",
            *names,
        )
    )
    lines = []
    for who, yes in rows.items():
        cells = ",".join("Yes" if name in yes.split(",") else "No" for name in names)
        lines.append(f"{refresh},{who},,,{period},{cells}")
    return csv_report(header, *lines)


@dataclass
class Maker:
    """Writes packages below `folder` and imports them, each on a later day than the one before."""

    folder: Path
    days: int = 0
    packages: int = 0
    results: list[ImportResult] = field(default_factory=list)

    def package(
        self,
        users: Iterable[dict[str, Any] | str] = (),
        *,
        skus: Iterable[dict[str, Any]] = (),
        outcomes: dict[str, DatasetRecord] | None = None,
        **datasets: Any,
    ) -> Package:
        """A package of `users` and `skus`; `datasets` are lists of objects, or the bytes of a report."""
        self.packages += 1
        folder = self.folder / f"package-{self.packages}"
        folder.mkdir()
        contents: dict[str, Any] = {
            "organization": [{"id": TENANT, "displayName": "Contoso"}],
            "users": list(users),
            "subscribedSkus": list(skus),
            **datasets,
        }
        records = []
        for name, content in contents.items():
            is_report = isinstance(content, bytes)
            data: bytes = content if is_report else "".join(_line(each) + "\n" for each in content).encode()
            count = max(0, len(data.splitlines()) - 1) if is_report else len(content)
            (folder / SCHEMAS[name].file).write_bytes(data)
            records.append(
                DatasetRecord(
                    name=name,
                    outcome=Outcome.COLLECTED,
                    required=name in ("organization", "users", "subscribedSkus"),
                    file=SCHEMAS[name].file,
                    count=count,
                    bytes=len(data),
                    checksum=f"blake3:{blake3(data).hexdigest()}",
                    ended_at=START + timedelta(days=self.days),
                )
            )
        records += (outcomes or {}).values()
        manifest = Manifest(
            status="complete",
            connection="Test",
            cloud="global",
            tenant=TenantIdentity(id=TENANT, display_name="Contoso"),
            started_at=START + timedelta(days=self.days),
            datasets=tuple(records),
        )
        (folder / MANIFEST_NAME).write_bytes(msgspec.json.encode(manifest))
        return open_package(folder)

    def take(self, package: Package, previous: Path | None = None, **options: Any) -> Path:
        """Import over the last version (or `previous`); answers the new one. Its result is the last of
        `results`."""
        before = previous or (self.results[-1].file if self.results else None)
        target = self.folder / f"v{len(self.results) + 1:06d}.duckdb"
        result = import_package(
            package, previous=before, target=target, imported_at=START + timedelta(days=self.days), **options
        )
        self.days += 1
        self.results.append(result)
        return target

    def version(self, users: Iterable[dict[str, Any] | str] = (), **datasets: Any) -> Path:
        """Write a package and import it."""
        return self.take(self.package(users, **datasets))


def _line(thing: dict[str, Any] | str) -> str:
    return thing if isinstance(thing, str) else json.dumps(thing, ensure_ascii=False)


def rows(
    version: Path, listing: str, *columns: str, filters: Iterable[str] = (), **options: Any
) -> list[Any]:
    """Rows of a listing as dicts; as bare values where one column is asked for."""
    asked = query.run(
        version, listing, columns=columns, filters=[query.parse_filter(text) for text in filters], **options
    )
    if len(columns) == 1:
        return [row[0] for row in asked.rows]
    return [dict(zip([column.key for column in asked.columns], row, strict=True)) for row in asked.rows]


def sql(version: Path, statement: str, *values: Any) -> list[Any]:
    """What a statement answers on a version, opened to be read."""
    with duckdb.connect(str(version), read_only=True) as connection:
        return connection.execute(statement, list(values)).fetchall()


def contents(version: Path, *, without: Iterable[str] = ("imports",)) -> dict[str, list[Any]]:
    """Every row of every table, in one order: what two versions are compared by."""
    tables = [name for (name,) in sql(version, "SELECT table_name FROM duckdb_tables() ORDER BY ALL")]
    return {name: sql(version, f'FROM "{name}" ORDER BY ALL') for name in tables if name not in set(without)}


_OF_EACH_USER = {
    column.key for column in PERSON if column.key not in ("user_id", "department", "account_kind")
}


def told(version: Path, listing: str, **then: Any) -> dict[str, object]:
    """Every order, filter and group of a listing, and some searches; `then` is `as_of`, or nothing. Of what
    lists tell of their users, all is asked of two, and a few columns of the others."""
    keys = [column.key for column in LISTINGS[listing].columns]
    asked = [key for key in keys if listing in ("users", "holders") or key not in _OF_EACH_USER]
    told: dict[str, object] = {}
    for key in asked:
        told[f"sort {key}"] = list(query.run(version, listing, columns=keys, sort=[f"-{key}"], **then).rows)
        page = query.run(version, listing, columns=keys, sort=[key], limit=2, offset=1, **then)
        told[f"page {key}"] = (list(page.rows), page.next)
        known = [query.Filter(key, "!=", None)]
        told[f"filter {key}"] = list(query.run(version, listing, columns=keys, filters=known, **then).rows)
        told[f"count {key}"] = query.count(version, listing, filters=known, **then)
        told[f"group {key}"] = query.group(version, listing, key, **then)
    for words in ("user 1", "app", "group 0 g", "nobody"):
        told[f"count {words}"] = query.count(version, listing, search=words, **then)
        told[f"search {words}"] = list(query.run(version, listing, search=words, limit=3, **then).rows)
    return told


_TOOLBOX = SimpleNamespace(
    user=user,
    holding=holding,
    state=state,
    sku=sku,
    report=csv_report,
    activity=activity,
    active_users=active_users,
    app_usage=app_usage,
    rows=rows,
    sql=sql,
    contents=contents,
    told=told,
    maker=Maker,
    e3=E3,
    visio=VISIO,
    exchange_plan=EXCHANGE_PLAN,
    teams_plan=TEAMS_PLAN,
    refresh=REFRESH,
    start=START,
    tenant=TENANT,
)
"""The helpers of this file, for tests: test modules cannot import each other."""


@pytest.fixture(scope="session")
def kit() -> Any:
    """The helpers that make packages and look into versions."""
    return _TOOLBOX


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Makes packages and versions in a folder of the test's own."""
    return Maker(tmp_path)


@pytest.fixture(scope="session")
def samples() -> Path:
    """Microsoft's and public sample files, which stand beside the project."""
    folder = Path(__file__).resolve().parents[3].parent / "shared" / "facts" / "samples"
    assert folder.is_dir(), f"{folder} is missing: the samples stand beside the project, in ../shared."
    return folder
