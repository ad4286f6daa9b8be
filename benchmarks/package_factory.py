"""Write a believable package of any size, fast: what the importer's speed is measured with.

`python benchmarks/package_factory.py DIR --users 1000000 [--day 1]` writes a whole package, every report
included. Day 1 changes one user in a hundred against day 0 and leaves the reports as they were, unless
`--fresh-reports` is given.
"""

# ruff: noqa: E501, ISC004, RUF005 - rows of reports read best as they stand

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
from blake3 import blake3

from seatbeacon.collection.package.manifest import (
    MANIFEST_NAME,
    DatasetRecord,
    Manifest,
    Outcome,
    TenantIdentity,
)
from seatbeacon.collection.package.schemas import APP_USAGE_PERIODS, SCHEMAS

TENANT = "8f1c2a34-0000-4000-8000-00000000aaaa"
REFRESH = date(2026, 7, 29)
DEPARTMENTS = ("Sales", "Engineering", "Finance", "Legal", "Operations", "Support", "Marketing", "Research")
COUNTRIES = ("DE", "US", "FR", "JP", "BR", "IN", "PL", "GB")
PLANS = {
    "SPE_E5": (
        "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
        (
            ("EXCHANGE_S_ENTERPRISE", "efb87545-963c-4e0d-99df-69c6916d9eb0"),
            ("TEAMS1", "57ff2da0-773e-42df-b2af-ffb7a2317929"),
            ("SHAREPOINTENTERPRISE", "5dbe027f-2339-4123-9542-606e4d348a72"),
            ("SHAREPOINTWAC", "e95bec33-7c88-4a70-8e19-b10bd9d0c014"),
            ("OFFICESUBSCRIPTION", "43de0ff5-c92c-492b-9116-175376d08c38"),
            ("YAMMER_ENTERPRISE", "7547a3fe-08ee-4ccb-b430-5077c5041653"),
            ("BI_AZURE_P2", "70d33638-9c74-4d01-bfd3-562de28bd4ba"),
        ),
    ),
    "ENTERPRISEPACK": (
        "6fd2c87f-b296-42f0-b197-1e91e994b900",
        (
            ("EXCHANGE_S_ENTERPRISE", "efb87545-963c-4e0d-99df-69c6916d9eb0"),
            ("TEAMS1", "57ff2da0-773e-42df-b2af-ffb7a2317929"),
            ("SHAREPOINTENTERPRISE", "5dbe027f-2339-4123-9542-606e4d348a72"),
            ("OFFICESUBSCRIPTION", "43de0ff5-c92c-492b-9116-175376d08c38"),
        ),
    ),
    "VISIOCLIENT": (
        "c5928f49-12ba-48f7-ada3-0d743a3601d5",
        (("VISIOONLINE", "2bdbaf8f-738f-4ac7-9234-3c3ee2ce7d0f"),),
    ),
    "Microsoft_365_Copilot": (
        "639dec6b-bb19-468b-871c-c5c441c4b0cb",
        (("M365_COPILOT_APPS", "a62f8878-de10-42f3-b68f-6149a25ceb97"),),
    ),
}
SKUS = tuple(sku for sku, _plans in PLANS.values())
GROUPS = tuple(f"aaaaaaaa-0000-4000-8000-{number:012x}" for number in range(20))


def user_id(number: int) -> str:
    """The object id of user `number`: shaped as Graph's, and scattered as Graph's are."""
    return f"{(number * 2654435761) & 0xFFFFFFFF:08x}-{number & 0xFFFF:04x}-4000-8000-{number * 40503:012x}"


def principal(number: int) -> str:
    """The userPrincipalName of user `number`."""
    return f"Person.Number{number}@contoso.example"


def user_line(number: int, day: int) -> str:
    """One user as Graph sends it, about 900 bytes, two licenses each."""
    changed = day and (number * 7919 + day) % 100 == 0
    first, second = SKUS[number % 2], SKUS[2 + number % 2]
    group = GROUPS[number % len(GROUPS)]
    manager = (
        f'{{"id":"{user_id(number // 10)}","displayName":"Person Number{number // 10}",'
        f'"userPrincipalName":"{principal(number // 10)}"}}'
        if number
        else "null"
    )
    department = DEPARTMENTS[(number + (day if changed else 0)) % len(DEPARTMENTS)]
    return (
        f'{{"id":"{user_id(number)}","userPrincipalName":"{principal(number)}","displayName":"Person Number{number}",'
        f'"givenName":"Person","surname":"Number{number}","mail":"{principal(number).lower()}","otherMails":[],'
        f'"proxyAddresses":["SMTP:{principal(number)}"],"accountEnabled":{"false" if number % 20 == 3 else "true"},'
        f'"userType":"{"Guest" if number % 25 == 4 else "Member"}",'
        f'"createdDateTime":"20{10 + number % 15}-03-{1 + number % 28:02d}T08:{number % 60:02d}:00Z",'
        f'"department":"{department}","jobTitle":"Title {number % 97}","companyName":"Contoso",'
        f'"country":"{COUNTRIES[number % 8]}","city":"City {number % 211}","officeLocation":"{number % 40}/{number % 900}",'
        f'"usageLocation":"{COUNTRIES[number % 8]}","employeeId":"{100000 + number}","employeeType":null,'
        f'"employeeOrgData":{{"costCenter":"CC{100 + number % 300}"}},'
        f'"onPremisesSyncEnabled":null,"externalUserState":null,"lastPasswordChangeDateTime":"2026-02-{1 + number % 28:02d}T10:00:00Z",'
        f'"manager":{manager},"assignedLicenses":[{{"disabledPlans":[],"skuId":"{first}"}},'
        f'{{"disabledPlans":[],"skuId":"{second}"}}],"licenseAssignmentStates":['
        f'{{"skuId":"{first}","disabledPlans":[],"assignedByGroup":"{group}","state":"Active","error":"None",'
        f'"lastUpdatedDateTime":"2025-05-{1 + number % 28:02d}T10:00:00Z"}},'
        f'{{"skuId":"{second}","disabledPlans":[],"assignedByGroup":null,"state":"Active","error":"None",'
        f'"lastUpdatedDateTime":"2025-06-{1 + number % 28:02d}T10:00:00Z"}}]}}\n'
    )


def _last_day(number: int, salt: int, refresh: date) -> str:
    spread = (number * 31 + salt * 977) % 400
    if spread > 330:
        return ""
    return (refresh - timedelta(days=spread if spread % 3 == 0 else spread % 12)).isoformat()


def active_users(number: int, refresh: date) -> str:
    """One row of the active-users report."""
    days = ",".join(_last_day(number, salt, refresh) for salt in range(6))
    licensed = "True,True,True,True,True,True"
    return (
        f"{refresh},{principal(number)},Person Number{number},False,,{licensed},{days},2021-01-10,2021-01-10,2021-01-10,"
        "2021-01-10,2021-01-10,2021-01-10,MICROSOFT 365 E5+VISIO PLAN 2\r\n"
    )


def app_usage(number: int, refresh: date, period: int) -> str:
    """One row of the app usage report for `period` days: 39 columns."""
    level = (number * 17) % 10
    reach = {7: 4, 30: 6, 90: 7, 180: 8}[period]
    yes = level < reach
    bits = (number * 2654435761 >> 7) & 0xFFFFFF
    apps = [(bits >> place) & 1 for place in range(6)]
    cells = [yes and apps[place % 6] and (bits >> (place // 6 + 8)) & 1 for place in range(24)]
    columns = [any(cells), 0, 0, 1, *apps, *cells]
    text = ",".join("Yes" if yes and cell else "No" for cell in columns)
    last = _last_day(number, 9, refresh)
    return f"{refresh},{principal(number)},2024-02-02,{last},{period},{text}\r\n"


def _simple(number: int, refresh: date, salt: int, rest: str, extra: str = "") -> str:
    return f"{refresh},{extra}{principal(number)},False,,{_last_day(number, salt, refresh)},{rest}\r\n"


_APPS = ("Outlook", "Word", "Excel", "PowerPoint", "OneNote", "Teams")
_APP_HEADER = ",".join(
    (
        "Report Refresh Date",
        "User Principal Name",
        "Last Activation Date",
        "Last Activity Date",
        "Report Period",
    )
    + ("Windows", "Mac", "Mobile", "Web")
    + _APPS
    + tuple(f"{app} ({where})" for where in ("Windows", "Mac", "Mobile", "Web") for app in _APPS)
)
_SERVICES = ("Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams")
_ACTIVE_HEADER = ",".join(
    ("Report Refresh Date", "User Principal Name", "Display Name", "Is Deleted", "Deleted Date")
    + tuple(f"Has {service} License" for service in _SERVICES)
    + tuple(f"{service} Last Activity Date" for service in _SERVICES)
    + tuple(f"{service} License Assign Date" for service in _SERVICES)
    + ("Assigned Products",)
)
_BASE = "Report Refresh Date,User Principal Name,Is Deleted,Deleted Date,Last Activity Date"

Row = Callable[[int, date], str]
REPORTS: dict[str, tuple[str, Row]] = {
    "activeUsers": (_ACTIVE_HEADER, active_users),
    **{
        f"appUsageD{period}": (_APP_HEADER, lambda n, r, period=period: app_usage(n, r, period))  # type: ignore[misc]
        for period in APP_USAGE_PERIODS
    },
    "activations": (
        "Report Refresh Date,User Principal Name,Display Name,Product Type,Last Activated Date,Windows,Mac,"
        "Windows 10 Mobile,iOS,Android,Activated On Shared Computer",
        lambda n, r: (
            f"{r},{principal(n)},P {n},MICROSOFT 365 APPS FOR ENTERPRISE,2024-01-10,1,0,0,1,0,False\r\n"
        ),
    ),
    "mailboxUsage": (
        "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Created Date,Last Activity Date,Item Count,"
        "Storage Used (Byte),Prohibit Send/Receive Quota (Byte),Recipient Type,Has Archive,Report Period",
        lambda n, r: (
            f"{r},{principal(n)},P {n},False,,2020-01-01,{_last_day(n, 1, r)},{n % 9999},{n * 1013},107374182400,User,False,180\r\n"
        ),
    ),
    "emailActivity": (
        f"{_BASE},Send Count,Receive Count,Read Count,Report Period",
        lambda n, r: _simple(n, r, 0, "1,2,3,180"),
    ),
    "oneDriveUsage": (
        "Report Refresh Date,Site URL,Owner Display Name,Is Deleted,Last Activity Date,File Count,Active File Count,"
        "Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period",
        lambda n, r: (
            f"{r},https://contoso/{n},P,False,{_last_day(n, 1, r)},{n % 999},3,{n * 777},1099511627776,{principal(n)},180\r\n"
        ),
    ),
    "oneDriveActivity": (
        f"{_BASE},Viewed Or Edited File Count,Synced File Count,Report Period",
        lambda n, r: _simple(n, r, 1, "1,2,180"),
    ),
    "sharePointActivity": (
        f"{_BASE},Viewed Or Edited File Count,Visited Page Count,Report Period",
        lambda n, r: _simple(n, r, 2, "1,2,180"),
    ),
    "teamsActivity": (
        "Report Refresh Date,User Id,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,Team Chat Message Count,"
        "Private Chat Message Count,Call Count,Meeting Count,Report Period",
        lambda n, r: _simple(n, r, 5, "1,2,3,4,180", f"{user_id(n)},"),
    ),
    "teamsDevices": (
        "Report Refresh Date,User Id,User Principal Name,Is Deleted,Deleted Date,Last Activity Date,Used Web,Used Windows Phone,"
        "Used iOS,Used Mac,Used Android Phone,Used Windows,Used  Chrome OS,Used Linux,Report Period",
        lambda n, r: _simple(n, r, 5, "Yes,No,No,No,Yes,Yes,No,No,180", f"{user_id(n)},"),
    ),
    "vivaEngageActivity": (
        f"{_BASE},Posted Count,Read Count,Liked Count,Report Period",
        lambda n, r: _simple(n, r, 4, "1,2,3,180"),
    ),
    "copilotUsage": (
        "Report Refresh Date,User Principal Name,Display Name,Last Activity Date,Copilot Chat Last Activity Date,"
        "Word Copilot Last Activity Date,Report Period",
        lambda n, r: (
            f"{r},{principal(n)},P,{_last_day(n, 7, r)},{_last_day(n, 8, r)},{_last_day(n, 7, r)},180\r\n"
        ),
    ),
}
_COPILOT_EVERY = 20


def _directory(users: int) -> dict[str, list[object]]:
    skus = [
        {
            "id": f"{TENANT}_{sku}",
            "skuId": sku,
            "skuPartNumber": part,
            "appliesTo": "User",
            "capabilityStatus": "Enabled",
            "consumedUnits": users,
            "prepaidUnits": {"enabled": users, "lockedOut": 0, "suspended": 0, "warning": 10},
            "servicePlans": [
                {
                    "servicePlanId": plan,
                    "servicePlanName": name,
                    "provisioningStatus": "Success",
                    "appliesTo": "User",
                }
                for name, plan in plans
            ],
            "subscriptionIds": [f"sub-{part}"],
        }
        for part, (sku, plans) in PLANS.items()
    ]
    subscriptions = [
        {
            "id": f"sub-{part}",
            "skuId": sku,
            "skuPartNumber": part,
            "status": "Enabled",
            "isTrial": False,
            "createdDateTime": "2023-01-01T00:00:00Z",
            "nextLifecycleDateTime": "2027-01-01T00:00:00Z",
            "totalLicenses": users,
        }
        for part, (sku, _plans) in PLANS.items()
    ]
    groups = [{"id": group, "displayName": f"Group {place}"} for place, group in enumerate(GROUPS)]
    apps = [
        {"id": f"sp-{place}", "appId": f"app-{place}", "displayName": f"App {place}", "accountEnabled": True}
        for place in range(200)
    ]
    return {
        "organization": [{"id": TENANT, "displayName": "Contoso"}],
        "subscribedSkus": list(skus),
        "subscriptions": list(subscriptions),
        "groups": list(groups),
        "servicePrincipals": list(apps),
        "appRoleAssignedTo": [],
    }


def _write(path: Path, chunks: Iterator[bytes]) -> tuple[int, str]:
    digest, size = blake3(), 0
    with path.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


def _blocks(lines: Iterator[str], head: bytes = b"") -> Iterator[bytes]:
    if head:
        yield head
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == 5000:
            yield "".join(block).encode()
            block.clear()
    yield "".join(block).encode()


def write_package(folder: Path, *, users: int, day: int = 0, fresh_reports: bool = False) -> Manifest:
    """Write a complete package of `users` users into `folder`; answers its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    refresh = REFRESH + timedelta(days=day if fresh_reports else 0)
    started = datetime(2026, 7, 31, 2, tzinfo=UTC) + timedelta(days=day)
    records = []

    def record(name: str, size: tuple[int, str], count: int, refreshed: date | None = None) -> None:
        records.append(
            DatasetRecord(
                name=name, outcome=Outcome.COLLECTED, required=name in ("organization", "users",
                "subscribedSkus"),
                file=SCHEMAS[name].file, count=count, lines=count, bytes=size[0], checksum=f"blake3:{size[1]}",
                started_at=started, ended_at=started, refresh_date=refreshed,
            )
        )  # fmt: skip

    lines = (user_line(number, day) for number in range(users))
    record("users", _write(folder / SCHEMAS["users"].file, _blocks(lines)), users)
    for name, objects in _directory(users).items():
        written = iter([b"".join(msgspec.json.encode(thing) + b"\n" for thing in objects)])
        record(name, _write(folder / SCHEMAS[name].file, written), len(objects))
    for name, (header, row) in REPORTS.items():
        numbers = range(0, users, _COPILOT_EVERY if name == "copilotUsage" else 1)
        rows = (row(number, refresh) for number in numbers)
        written = _blocks(rows, b"\xef\xbb\xbf" + header.encode() + b"\r\n")
        record(name, _write(folder / SCHEMAS[name].file, written), len(numbers), refresh)
    manifest = Manifest(
        status="complete", created_by="package factory", connection="Benchmark", cloud="global",
        tenant=TenantIdentity(id=TENANT, display_name="Contoso"), started_at=started, ended_at=started,
        datasets=tuple(records),
    )  # fmt: skip
    (folder / MANIFEST_NAME).write_bytes(msgspec.json.encode(manifest))
    return manifest


def main() -> None:
    """The command line of this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--day", type=int, default=0)
    parser.add_argument("--fresh-reports", action="store_true")
    asked = parser.parse_args()
    write_package(asked.folder, users=asked.users, day=asked.day, fresh_reports=asked.fresh_reports)


if __name__ == "__main__":
    main()
