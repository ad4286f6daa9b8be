"""What could be saved and what was, day by day, from the sums that each day's evaluation left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Max, Sum

from seatbeacon.beacon.models import SavingsDay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date


_SUMMED = ("monthly", "recommendations", "seats", "realised_monthly", "confirmed")
"""The columns of a day that make `Sums`, in their order."""


@dataclass(frozen=True)
class Sums:
    """`waste` could be saved a month, in `recommendations` over `seats`; `realised` was saved a month, in
    `confirmed` recommendations that were done."""

    waste: Decimal = Decimal(0)
    recommendations: int = 0
    seats: int = 0
    realised: Decimal = Decimal(0)
    confirmed: int = 0

    def __add__(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Sums)))


@dataclass(frozen=True)
class Trend:
    """`days` with their sums, the earliest first, in `currency`; `left_out` are other currencies that sums of
    these days are told in. `tenants` are the newest sums of each, and `rules` those of each rule."""

    currency: str
    days: tuple[tuple[date, Sums], ...]
    tenants: dict[str, Sums]
    rules: dict[str, Sums]
    left_out: tuple[str, ...] = ()


def savings_trend(tenant_ids: Sequence[str], since: date) -> Trend:
    """The sums of these tenants together, of each day from `since` on which one of them was judged.

    A tenant that was not judged on a day counts with the sums it had last: a worker that rests makes no dent.
    """
    rows = SavingsDay.objects.filter(tenant_id__in=tenant_ids, day__gte=since)
    newest = rows.order_by("-day").values_list("currency", flat=True).first()
    if newest is None:
        return Trend("", (), {}, {})
    daily: dict[date, dict[str, Sums]] = defaultdict(dict)
    by_day = rows.filter(currency=newest).order_by("day").values_list("day", "tenant_id")
    for day, tenant, *sums in by_day.annotate(*map(Sum, _SUMMED)):
        daily[day][tenant] = Sums(*sums)
    last: dict[str, Sums] = {}
    days = []
    for day, judged in daily.items():
        last |= judged
        days.append((day, _added(last.values())))
    left_out = rows.exclude(currency=newest).order_by("currency").values_list("currency", flat=True)
    return Trend(newest, tuple(days), last, _by_rule(tenant_ids, newest), tuple(left_out.distinct()))


def _by_rule(tenant_ids: Sequence[str], currency: str) -> dict[str, Sums]:
    rows = SavingsDay.objects.filter(tenant_id__in=tenant_ids, currency=currency).order_by()
    newest = dict(rows.values_list("tenant_id").annotate(Max("day")))
    found: dict[str, Sums] = defaultdict(Sums)
    of_those_days = rows.filter(day__in=set(newest.values()))
    for tenant, day, rule, *sums in of_those_days.values_list("tenant_id", "day", "rule", *_SUMMED):
        if newest[tenant] == day:
            found[rule] += Sums(*sums)
    return dict(found)


@dataclass(frozen=True)
class Judged:
    """The sums of a tenant's rules, by id, on the `day` on which it was judged, in `currency`."""

    day: date
    currency: str
    rules: dict[str, Sums]

    @property
    def total(self) -> Sums:
        """All rules together."""
        return _added(self.rules.values())


def judged_on(tenant_ids: Sequence[str], day: date) -> dict[str, Judged]:
    """What stood on a day, by tenant: the sums of that day, or of the last one before on which the tenant was
    judged. A tenant of which nothing is held is left out."""
    rows = SavingsDay.objects.filter(tenant_id__in=tenant_ids, day__lte=day).order_by()
    last = dict(rows.values_list("tenant_id").annotate(Max("day")))
    found: dict[str, Judged] = {}
    of_those_days = rows.filter(day__in=set(last.values()))
    for tenant, judged, currency, rule, *sums in of_those_days.values_list(
        "tenant_id", "day", "currency", "rule", *_SUMMED
    ):
        if last[tenant] == judged:
            one = found.setdefault(tenant, Judged(judged, currency, {}))
            one.rules[rule] = Sums(*sums)
    return found


def newest_day(tenant_ids: Sequence[str]) -> date | None:
    """The last day on which one of these tenants was judged."""
    newest = SavingsDay.objects.filter(tenant_id__in=tenant_ids).order_by("-day")
    return newest.values_list("day", flat=True).first()


def newest_by_rule(tenant_ids: Sequence[str]) -> dict[str, Sums]:
    """The newest sums of each rule over these tenants, in the currency of the newest day."""
    days = SavingsDay.objects.filter(tenant_id__in=tenant_ids).order_by("-day")
    newest = days.values_list("currency", flat=True).first()
    return {} if newest is None else _by_rule(tenant_ids, newest)


def _added(all_of_them: Iterable[Sums]) -> Sums:
    total = Sums()
    for one in all_of_them:
        total += one
    return total
