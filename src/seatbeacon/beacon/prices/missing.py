"""Which products have no price, of those that cost something."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from seatbeacon.beacon.models import ProductPrice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seatbeacon.beacon.prices.products import KnownProduct


def products_without_price(
    products: Mapping[str, KnownProduct], on: date | None = None
) -> list[KnownProduct]:
    """Products with seats in a tenant and no price valid on a day (today), those with most seats first.

    Free ones are among them: that they cost nothing is for people to say, with a price of 0.
    """
    day = on or datetime.now(UTC).date()
    valid = ProductPrice.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )
    priced = set(valid.values_list("sku_id", flat=True))
    missing = [one for one in products.values() if one.seats and one.sku_id not in priced]
    return sorted(missing, key=lambda one: (-one.seats, one.name))
