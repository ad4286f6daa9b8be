"""Each day's sums make a trend, of one tenant or of several together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.models import SavingsDay, Tenant
from seatbeacon.beacon.savings.trend import Sums, savings_trend

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings

FIRST = date(2026, 3, 1)


@pytest.fixture
def tenants(home: Settings) -> tuple[Tenant, Tenant]:
    return (
        Tenant.objects.create(
            id="9a7c1e6e-0000-4000-8000-000000000001", display_name="Contoso", created_at=datetime.now(UTC)
        ),
        Tenant.objects.create(
            id="9a7c1e6e-0000-4000-8000-000000000002", display_name="Fabrikam", created_at=datetime.now(UTC)
        ),
    )


def told(tenant: Tenant, day: int, rule: str, monthly: int, realised: int = 0, currency: str = "EUR") -> None:
    SavingsDay.objects.create(
        tenant=tenant,
        day=FIRST + timedelta(days=day),
        rule=rule,
        recommendations=1,
        seats=2,
        monthly=monthly,
        yearly=monthly * 12,
        confirmed=1 if realised else 0,
        realised=realised * 12,
        realised_monthly=realised,
        currency=currency,
    )


def test_days_add_up_over_rules_and_begin_where_asked(tenants: tuple[Tenant, Tenant]) -> None:
    contoso, _ = tenants
    for day in (0, 1, 2):
        told(contoso, day, "never-used", 10 + day)
        told(contoso, day, "disabled-account", 5, realised=day)
    found = savings_trend([contoso.pk], FIRST + timedelta(days=1))
    assert found.currency == "EUR"
    assert found.days == (
        (date(2026, 3, 2), Sums(Decimal(16), 2, 4, Decimal(1), 1)),
        (date(2026, 3, 3), Sums(Decimal(17), 2, 4, Decimal(2), 1)),
    )
    assert found.rules["never-used"].waste == 12
    assert found.rules["disabled-account"].realised == 2


def test_a_tenant_that_was_not_judged_on_a_day_counts_with_what_it_had(
    tenants: tuple[Tenant, Tenant],
) -> None:
    contoso, fabrikam = tenants
    told(contoso, 0, "never-used", 10)
    told(fabrikam, 0, "never-used", 100)
    told(contoso, 1, "never-used", 8)
    told(fabrikam, 2, "never-used", 90)
    found = savings_trend([contoso.pk, fabrikam.pk], FIRST)
    assert [sums.waste for _, sums in found.days] == [110, 108, 98]
    assert {tenant: sums.waste for tenant, sums in found.tenants.items()} == {contoso.pk: 8, fabrikam.pk: 90}
    assert found.rules["never-used"].waste == 98


def test_amounts_of_two_currencies_are_not_added(tenants: tuple[Tenant, Tenant]) -> None:
    contoso, _ = tenants
    told(contoso, 0, "never-used", 10, currency="USD")
    told(contoso, 1, "never-used", 8)
    found = savings_trend([contoso.pk], FIRST)
    assert [sums.waste for _, sums in found.days] == [8]
    assert (found.currency, found.left_out) == ("EUR", ("USD",))


def test_without_days_there_is_no_trend(tenants: tuple[Tenant, Tenant]) -> None:
    assert savings_trend([tenants[0].pk], FIRST).days == ()
