"""What the tenant bought: seats per product, and the subscriptions they come from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from seatbeacon.simulator.population.dice import FIRST_DAY, guid, today
from seatbeacon.simulator.population.products import BY_PART, UNKNOWN_SKU, Product


class Lot(NamedTuple):
    """One subscription: seats as a share of the users (or as they are, from 2 up), its state, days to its
    next step."""

    seats: float
    status: str = "Enabled"
    renews: int | None = 200
    trial: bool = False


_BOUGHT: dict[str, tuple[Lot, ...]] = {
    "SPE_E5": (Lot(0.15, renews=12), Lot(0.08, renews=340)),
    "SPE_E3": (Lot(0.36, renews=95), Lot(0.02, renews=25), Lot(0.02, "Suspended", -20)),
    "SPE_F1": (Lot(0.15, renews=28),),
    "ENTERPRISEPACK": (Lot(0.22, renews=61),),
    "STANDARDPACK": (Lot(0.06, renews=150),),
    "OFFICESUBSCRIPTION": (Lot(0.04, renews=150),),
    "EXCHANGESTANDARD": (Lot(0.05, renews=300), Lot(0.01, "Warning", 8)),
    "EMS": (Lot(0.25, renews=61),),
    "POWER_BI_STANDARD": (Lot(1_000_000, renews=None),),
    "FLOW_FREE": (Lot(10_000, renews=None),),
    "POWER_BI_PRO": (Lot(0.08, renews=1),),
    "VISIOCLIENT": (Lot(0.05, renews=77),),
    "PROJECTPROFESSIONAL": (Lot(0.03, renews=77),),
    "Microsoft_365_Copilot": (Lot(0.12, renews=180), Lot(25, "Enabled", 20, trial=True)),
    "MCOMEETADV": (Lot(0.06, renews=15),),
    "TEAMS_EXPLORATORY": (Lot(0.02, "Suspended", -5, trial=True),),
    "STREAM": (Lot(0.02, "LockedOut", None),),
    "AAD_PREMIUM_P2": (Lot(0.01, "Warning", 4),),
    "SHAREPOINTSTORAGE": (Lot(500, renews=111),),
    UNKNOWN_SKU[0]: (Lot(0.02, renews=260),),
}
_UNITS = {"Enabled": "enabled", "Warning": "warning", "Suspended": "suspended", "LockedOut": "lockedOut"}


def subscriptions(seed: int, users: int, day: int, *, copilot: bool) -> list[dict[str, Any]]:
    """Every `companySubscription`; one that is enabled and whose date has come was renewed for a year."""
    found = []
    for part, lots in _BOUGHT.items():
        if part == "Microsoft_365_Copilot" and not copilot:
            continue
        for number, lot in enumerate(lots):
            found.append(_subscription(seed, users, day, BY_PART[part], number, lot))
    return found


def _subscription(seed: int, users: int, day: int, product: Product, number: int, lot: Lot) -> dict[str, Any]:
    when = None
    if lot.renews is not None:
        when = FIRST_DAY + timedelta(days=lot.renews)
        # What has ended is never renewed here, it ends anew: the stand-in shows each state on any day.
        cycle, late = (365, 0) if lot.status == "Enabled" else (90, max(0, -lot.renews))
        while when < today(day) - timedelta(days=late):
            when += timedelta(days=cycle)
    return {
        "commerceSubscriptionId": guid(seed, f"commerce/{product.part_number}", number),
        "createdDateTime": f"{(FIRST_DAY - timedelta(days=400 + 30 * number)).isoformat()}T00:00:00Z",
        "id": guid(seed, f"subscription/{product.part_number}", number),
        "isTrial": lot.trial,
        "nextLifecycleDateTime": f"{when.isoformat()}T00:00:00Z" if when else None,
        "ownerId": None,
        "ownerTenantId": None,
        "ownerType": None,
        "serviceStatus": [_plan(*plan) for plan in product.plans],
        "skuId": product.sku_id,
        "skuPartNumber": product.part_number,
        "status": lot.status,
        "totalLicenses": int(lot.seats) if lot.seats >= 2 else max(2, round(users * lot.seats)),
    }


def _plan(plan_id: str, name: str, applies_to: str) -> dict[str, str]:
    return {
        "servicePlanId": plan_id,
        "servicePlanName": name,
        "provisioningStatus": "PendingActivation" if name == "INTUNE_O365" else "Success",
        "appliesTo": applies_to,
    }


def subscribed_skus(
    tenant_id: str, lots: list[dict[str, Any]], consumed: dict[str, int]
) -> list[dict[str, Any]]:
    """Every `subscribedSku`, its units summed over the subscriptions `lots`."""
    found: dict[str, dict[str, Any]] = {}
    for lot in lots:
        product = BY_PART[lot["skuPartNumber"]]
        sku = found.setdefault(
            product.sku_id,
            {
                "accountName": "Contoso",
                "accountId": tenant_id,
                "appliesTo": product.applies_to,
                "capabilityStatus": lot["status"],
                "consumedUnits": consumed.get(product.sku_id, 0),
                "id": f"{tenant_id}_{product.sku_id}",
                "prepaidUnits": {"enabled": 0, "lockedOut": 0, "suspended": 0, "warning": 0},
                "servicePlans": [_plan(*plan) for plan in product.plans],
                "skuId": product.sku_id,
                "skuPartNumber": product.part_number,
                "subscriptionIds": [],
            },
        )
        sku["prepaidUnits"][_UNITS[lot["status"]]] += lot["totalLicenses"]
        sku["subscriptionIds"].append(lot["id"])
    return list(found.values())
