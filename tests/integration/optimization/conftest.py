"""A planted population: people with products and activity that each test chooses, imported for real."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.inventory.conftest import REFRESH, Maker, csv_report, state, user

from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.inventory import query
from seatbeacon.inventory.catalog.update import load_catalog
from seatbeacon.optimization import RECOMMENDATIONS, Inputs, Outcome, Price, PriceBook, recommend

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CATALOG = {each.part_number: each for each in load_catalog(None).values()}
GROUP = "aaaaaaaa-0000-4000-8000-000000000001"
SERVICES = ("Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams")
CELLS = [name for name, kind in SCHEMAS["appUsageD7"].columns.items() if kind == "BOOLEAN"]
GIGABYTE = 1 << 30


def sku_id(part: str) -> str:
    """The GUID of a product."""
    return CATALOG[part].sku_id


def day(ago: int) -> date:
    """The day so many days before the reports' refresh date."""
    return REFRESH - timedelta(days=ago)


def plan_id(name: str) -> str:
    """The GUID of a service plan."""
    return next(guid for each in CATALOG.values() for plan, guid in each.plans if plan == name)


@dataclass
class Town:
    """People and products. `person` adds somebody, and `judge` imports all and judges.

    Activity is in days before the refresh date: `exchange=91` was active 91 days before it. Who is given none
    is in the reports without a date.
    """

    maker: Maker
    users: list[dict[str, Any]] = field(default_factory=list)
    bought: dict[str, int] = field(default_factory=dict)
    active: list[str] = field(default_factory=list)
    apps: dict[int, list[str]] = field(default_factory=lambda: {7: [], 30: [], 90: [], 180: []})
    mailboxes: list[str] = field(default_factory=list)
    onedrives: list[str] = field(default_factory=list)
    copilot: list[str] = field(default_factory=list)
    subscriptions: list[dict[str, Any]] = field(default_factory=list)
    without: set[str] = field(default_factory=set)
    version: Path | None = None

    def person(
        self,
        name: str,
        *products: str,
        assigned: int = 400,
        off: Iterable[str] = (),
        by_group: Iterable[str] = (),
        also_by_group: Iterable[str] = (),
        used: dict[str, int] | None = None,
        apps: Mapping[int, tuple[str, ...]] | None = None,
        mailbox: tuple[str, float, bool] | None = ("User", 0.5, False),
        onedrive: float | None = None,
        copilot: int | None = None,
        in_reports: bool = True,
        error: str | None = None,
        **fields: Any,
    ) -> None:
        """Add somebody. `used`: service to days ago; `apps`: period to cells that say yes; `mailbox`: type,
        gigabytes, archive; `off`: plans switched off in every product."""
        disabled = [plan_id(plan) for plan in off]
        when = {"lastUpdatedDateTime": f"{day(assigned)}T08:00:00Z"}
        groups = set(by_group) | set(also_by_group)
        states = [
            state(sku_id(part), GROUP if part in groups else None, disabled=disabled, **when)
            for part in products
        ]
        states += [state(sku_id(part), disabled=disabled, **when) for part in also_by_group]
        if error:
            states.append(state(sku_id(error), state="Error", error="CountViolation", **when))
        person = user(
            name,
            assignedLicenses=[{"skuId": sku_id(part), "disabledPlans": disabled} for part in products],
            licenseAssignmentStates=states,
            **{"createdDateTime": "2015-01-01T00:00:00Z"} | fields,
        )
        upn = person["userPrincipalName"]
        self.users.append(person)
        for part in products:
            self.bought[part] = self.bought.get(part, 0) + 1
        if in_reports:
            days = [str(day((used or {})[each])) if each in (used or {}) else "" for each in SERVICES]
            self.active.append(f"{REFRESH},{upn},{','.join(days)}")
        for period, cells in (apps or {}).items():
            for longer in (each for each in self.apps if each >= period):
                yes = ",".join("Yes" if cell in cells else "No" for cell in CELLS)
                self.apps[longer].append(f"{REFRESH},{upn},,,{longer},{yes}")
        if mailbox is not None:
            kind, size, archive = mailbox
            self.mailboxes.append(f"{REFRESH},{upn},2020-01-01,,5,{int(size * GIGABYTE)},{kind},{archive}")
        if onedrive is not None:
            self.onedrives.append(f"{REFRESH},{upn},,5,{int(onedrive * GIGABYTE)}")
        if any("Copilot" in part for part in products):
            self.copilot.append(f"{REFRESH},{upn},{day(copilot) if copilot is not None else ''}")

    def buy(self, part: str, seats: int) -> None:
        """Buy seats of a product, whoever has them."""
        self.bought[part] = seats

    def datasets(self) -> dict[str, Any]:
        """All but users and products, as the maker takes them."""
        services = ",".join(f"{each} Last Activity Date" for each in SERVICES)
        app_header = "Report Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,"
        app_header += f"Report Period,{','.join(CELLS)}"
        names = "Report Refresh Date,User Principal Name"
        found: dict[str, Any] = {
            "activeUsers": csv_report(f"{names},{services}", *self.active),
            **{f"appUsageD{period}": csv_report(app_header, *lines) for period, lines in self.apps.items()},
            "mailboxUsage": csv_report(
                f"{names},Created Date,Last Activity Date,Item Count,Storage Used (Byte),Recipient Type,"
                "Has Archive",
                *self.mailboxes,
            ),
            "oneDriveUsage": csv_report(
                "Report Refresh Date,Owner Principal Name,Last Activity Date,File Count,Storage Used (Byte)",
                *self.onedrives,
            ),
            "copilotUsage": csv_report(f"{names},Last Activity Date", *self.copilot),
            "subscriptions": self.subscriptions,
        }
        return {name: content for name, content in found.items() if name not in self.without}

    def products(self) -> list[dict[str, Any]]:
        """What was bought, with Microsoft's service plans."""
        return [
            {
                "id": f"x_{sku_id(part)}",
                "skuId": sku_id(part),
                "skuPartNumber": part,
                "appliesTo": "User",
                "capabilityStatus": "Enabled",
                "prepaidUnits": {"enabled": seats, "warning": 0, "suspended": 0, "lockedOut": 0},
                "servicePlans": [
                    {"servicePlanId": guid, "servicePlanName": name, "appliesTo": "User"}
                    for name, guid in CATALOG[part].plans
                ],
            }
            for part, seats in self.bought.items()
        ]

    def imported(self, **more: Any) -> Path:
        """Import all, and an extra somebody, so that no report is empty, who holds nothing."""
        if not any(person["displayName"] == "User quiet" for person in self.users):
            self._quiet()
        self.version = self.maker.version(self.users, skus=self.products(), **self.datasets(), **more)
        return self.version

    def _quiet(self) -> None:
        self.person("quiet", used={"Exchange": 1}, apps={7: ("Word (Web)",)}, onedrive=0.1)
        self.copilot.append(f"{REFRESH},Userquiet@contoso.example,")

    def judge(self, inputs: Inputs | None = None, **more: Any) -> Outcome:
        """Import all, if that was not yet done, and judge."""
        version = self.version or self.imported(**more)
        return recommend(version, self.maker.folder / "results", inputs)

    def found(self, rule: str, inputs: Inputs | None = None) -> set[str]:
        """The names of those whom a rule finds."""
        return {
            name.removeprefix("User ")
            for (name,) in listed(self.judge(inputs), "display_name", f"rule={rule}")
            if name
        }


def listed(outcome: Outcome, columns: str, *filters: str) -> list[tuple[Any, ...]]:
    """Rows of the listing of recommendations."""
    assert outcome.file is not None
    asked = query.run(
        outcome.file,
        RECOMMENDATIONS,
        columns=columns.split(),
        filters=[query.parse_filter(text) for text in filters],
    )
    return list(asked.rows)


def prices(**by_part: str | int) -> PriceBook:
    """Prices a month in euros, by part number."""
    return PriceBook(
        "EUR", tuple(Price(sku_id(part), Decimal(amount), "EUR") for part, amount in by_part.items())
    )


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """An empty town."""
    return Town(Maker(tmp_path))
