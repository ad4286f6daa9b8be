"""What every listing must hold, computed straight from the population: no request, no report, no rendering.

Counting follows these rules. *Assigned*: distinct users with the product among their assigned licenses.
*Active in N
days*: a day known to lie in the N days that end with the reports' refresh date. Services (Exchange, …,
Copilot) are
known by the exact day; apps (Outlook, …) and platforms only by the shortest of 7, 30, 90 and 180 days in
which they
were used. *Never active*: entitled, and nothing known. A shared mailbox that receives mail has used nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from seatbeacon.simulator.population.dice import iso_day
from seatbeacon.simulator.population.licensing import GROUPS, Licensing, Way, entitlements, group_id
from seatbeacon.simulator.population.products import BY_ID, UNKNOWN_SKU
from seatbeacon.simulator.population.usage import (
    APPS,
    COPILOT_LAG,
    PERIODS,
    PLATFORMS,
    REPORT_LAG,
    SERVICES,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seatbeacon.simulator.population.users import SimUser
    from seatbeacon.simulator.tenant import Tenant

KINDS = {
    **dict.fromkeys(SERVICES, "service"),
    **dict.fromkeys(APPS[:5], "app"),
    **dict.fromkeys(("Power BI", "Visio", "Project"), "product"),
}
ALL = "All"


@dataclass(frozen=True, slots=True)
class Truth:
    """Every listing as rows; dates are `YYYY-MM-DD`, times `YYYY-MM-DDTHH:MM:SSZ`, both text."""

    day: int
    report_refresh_date: str
    users: list[dict[str, Any]] = field(default_factory=list)
    licenses: list[dict[str, Any]] = field(default_factory=list)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    applications: list[dict[str, Any]] = field(default_factory=list)
    usage: list[dict[str, Any]] = field(default_factory=list)


class Known(NamedTuple):
    """What is known of one use: `day` exactly (an ordinal) or `within` so many days, as of `refresh`;
    `since` bounds it below."""

    day: int
    within: int | None
    refresh: int
    since: int


class _Person(NamedTuple):
    user: SimUser
    held: Licensing
    entitled: frozenset[str]
    known: dict[tuple[str, str], Known]

    @property
    def last_day(self) -> int:
        return max((use.day for use in self.known.values()), default=0)

    @property
    def active_since(self) -> int:
        return max((use.since for use in self.known.values()), default=0)


def truth(
    tenant: Tenant, day: int | None = None, *, earlier: Sequence[int] = (), usage_known: bool = True
) -> Truth:
    """The listings of `day` (default: the options' day).

    `earlier` names days that were imported before, whose usage is still remembered. `usage_known` False: the
    reports
    were missing, empty or concealed, so that usage is unknown (None), never inactive. A tenant whose options
    conceal
    names or empty all reports is taken so by itself.
    """
    day = tenant.options.day if day is None else day
    usage_known = usage_known and not tenant.options.concealed and "*" not in tenant.options.empty_reports
    people = [_person(tenant, user, day, earlier, usage_known=usage_known) for user in tenant.users(day)]
    refresh = tenant.refresh(day)
    return Truth(
        day=day,
        report_refresh_date=iso_day(refresh),
        users=[_user_row(person) for person in people],
        licenses=_licenses(tenant, day, people, refresh if usage_known else None),
        assignments=[row for person in people for row in _assignment_rows(tenant, person)],
        applications=[*_applications(people, refresh, usage_known=usage_known), *_enterprise(tenant, day)],
        usage=[row for person in people for row in _usage_rows(person)],
    )


def _person(tenant: Tenant, user: SimUser, day: int, earlier: Sequence[int], *, usage_known: bool) -> _Person:
    held = tenant.licensing(user)
    known: dict[tuple[str, str], Known] = {}
    if usage_known:
        for when in (*sorted(earlier), day):
            if user.joined > when:
                continue
            then = tenant.people.user(user.index, when)
            uses = tenant.usage(then, tenant.licensing(then), when)
            known |= _known(uses, tenant.refresh(when))
    return _Person(user, held, entitlements(held.assigned), known)


def _known(uses: Usage, refresh: int) -> dict[tuple[str, str], Known]:
    known = {}
    for service, last in zip(SERVICES, uses.services, strict=True):
        if last:
            as_of = refresh - (COPILOT_LAG - REPORT_LAG) if service == "Copilot" else refresh
            known[service, ALL] = Known(last, None, as_of, last)
    platforms = len(PLATFORMS)
    for number, app in enumerate(APPS):
        days = uses.apps[number * platforms : (number + 1) * platforms]
        _by_period(known, app, [(ALL, max(days)), *zip(PLATFORMS, days, strict=True)], refresh)
    teams_mobile = uses.apps[-platforms + PLATFORMS.index("Mobile")]
    if teams_mobile > refresh - PERIODS[-1]:
        known["Teams", uses.mobile] = _within(PERIODS[-1], refresh)
    if uses.rare and uses.services[SERVICES.index("Teams")] > refresh - PERIODS[-1]:
        known["Teams", uses.rare] = _within(PERIODS[-1], refresh)
    return known


def _by_period(
    known: dict[tuple[str, str], Known], app: str, days: Iterable[tuple[str, int]], refresh: int
) -> None:
    for platform, last in days:
        period = next((period for period in PERIODS if last > refresh - period), None)
        if period is not None and (app, platform) not in known:
            known[app, platform] = _within(period, refresh)


def _within(period: int, refresh: int) -> Known:
    return Known(0, period, refresh, refresh - period + 1)


def _user_row(person: _Person) -> dict[str, Any]:
    user = person.user
    parts = sorted(BY_ID[sku_id].part_number for sku_id in person.held.assigned)
    return {
        "id": user.id,
        "user_principal_name": user.upn,
        "display_name": user.display_name,
        "mail": user.mail,
        "department": user.department,
        "job_title": user.job_title,
        "country": user.country,
        "usage_location": user.usage_location,
        "account_enabled": user.enabled,
        "user_type": user.user_type,
        "created_at": user.created,
        "licenses": parts,
        "license_count": len(parts),
        "last_activity_date": iso_day(person.last_day) or None,
    }


def _assignment_rows(tenant: Tenant, person: _Person) -> Iterable[dict[str, Any]]:
    explained = {way.sku_id for way in person.held.ways}
    for way in person.held.ways:
        yield _assignment(tenant, person.user, way.sku_id, way)
    for sku_id in person.held.assigned:
        if sku_id not in explained:
            yield _assignment(tenant, person.user, sku_id, None)


def _assignment(tenant: Tenant, user: SimUser, sku_id: str, way: Way | None) -> dict[str, Any]:
    listed = {number: name for number, (name, _) in enumerate(GROUPS[:-1])}
    group = way.group if way else None
    return {
        "user_id": user.id,
        "user_principal_name": user.upn,
        "sku_id": sku_id,
        "sku_part_number": BY_ID[sku_id].part_number,
        "source": "unknown" if way is None else "direct" if group is None else "group",
        "group_id": None if group is None else group_id(tenant.options.seed, group),
        "group_name": None if group is None else listed.get(group),
        "state": way.state if way else None,
        "error": None if way is None or way.error == "None" else way.error,
        "assigned_at": way.updated if way else None,
    }


def _licenses(tenant: Tenant, day: int, people: list[_Person], refresh: int | None) -> list[dict[str, Any]]:
    holders: dict[str, list[_Person]] = defaultdict(list)
    for person in people:
        for sku_id in person.held.assigned:
            holders[sku_id].append(person)
    renewals: dict[str, str] = {}
    for lot in tenant.subscriptions(day):
        when = lot["nextLifecycleDateTime"]
        if lot["status"] in ("Enabled", "Warning") and when:
            renewals[lot["skuId"]] = min(when[:10], renewals.get(lot["skuId"], "9999"))
    bought = {sku["skuId"]: sku for sku in tenant.skus(day)}
    return [
        _license(sku_id, bought.get(sku_id), holders[sku_id], renewals.get(sku_id), refresh)
        for sku_id in sorted({*bought, *holders})
    ]


def _license(
    sku_id: str, sku: dict[str, Any] | None, holders: list[_Person], renewal: str | None, refresh: int | None
) -> dict[str, Any]:
    product = BY_ID[sku_id]
    units = sku["prepaidUnits"] if sku else {"enabled": 0, "warning": 0, "suspended": 0, "lockedOut": 0}
    active = inactive = never = None
    if refresh is not None:
        active = sum(person.active_since > refresh - 90 for person in holders)
        never = sum(not person.known for person in holders)
        inactive = len(holders) - active - never
    return {
        "sku_id": sku_id,
        "sku_part_number": product.part_number,
        "product_name": UNKNOWN_SKU[0] if sku_id == UNKNOWN_SKU[1] else product.name,
        "purchased": units["enabled"],
        "assigned": len(holders),
        "available": units["enabled"] - len(holders),
        "warning": units["warning"],
        "suspended": units["suspended"],
        "locked_out": units["lockedOut"],
        "status": sku["capabilityStatus"] if sku else None,
        "renewal_date": renewal,
        "active_90": active,
        "inactive_90": inactive,
        "never_active": never,
    }


def _applications(people: list[_Person], refresh: int, *, usage_known: bool) -> list[dict[str, Any]]:
    rows = []
    for application, kind in KINDS.items():
        entitled = [person for person in people if application in person.entitled]
        row: dict[str, Any] = {"application": application, "kind": kind, "entitled_users": len(entitled)}
        uses = [person.known[application, ALL] for person in people if (application, ALL) in person.known]
        as_of = refresh - (COPILOT_LAG - REPORT_LAG) if application == "Copilot" else refresh
        told = usage_known and kind != "product"
        for period in PERIODS:
            row[f"active_{period}"] = sum(use.since > as_of - period for use in uses) if told else None
        row["never_active"] = (
            sum((application, ALL) not in person.known for person in entitled) if told else None
        )
        row["last_activity_date"] = iso_day(max((use.day for use in uses), default=0)) or None
        rows.append(row)
    return rows


def _enterprise(tenant: Tenant, day: int) -> list[dict[str, Any]]:
    rows = []
    for app in tenant.applications():
        users = {
            index
            for index, _ in app.assigned(tenant.people.last_index(day))
            if tenant.people.exists(index, day)
        }
        unknown = dict.fromkeys(
            ("active_7", "active_30", "active_90", "active_180", "never_active", "last_activity_date")
        )
        rows.append(
            {
                "application": app.name,
                "kind": "enterprise application",
                "entitled_users": len(users),
                **unknown,
            }
        )
    return rows


def _usage_rows(person: _Person) -> Iterable[dict[str, Any]]:
    for (application, platform), use in person.known.items():
        yield {
            "user_id": person.user.id,
            "user_principal_name": person.user.upn,
            "application": application,
            "platform": platform,
            "last_activity_date": iso_day(use.day) or None,
            "active_within_days": use.within,
            "report_refresh_date": iso_day(use.refresh),
        }
