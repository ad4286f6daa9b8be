"""Groups: those that assign licenses, and the many that do not."""

from __future__ import annotations

from typing import Any

from seatbeacon.simulator.population.dice import FIRST_ORDINAL, guid, moment, roll
from seatbeacon.simulator.population.licensing import DELETED, GROUPS, group_id
from seatbeacon.simulator.population.places import DEPARTMENTS, PLACES
from seatbeacon.simulator.population.products import BY_PART

_STATES = ("ProcessingComplete", "ProcessingComplete", "QueuedForProcessing")


def groups(seed: int, users: int) -> list[dict[str, Any]]:
    """Every group as Graph's `group` object, all properties that can be selected."""
    found = [_licensing(seed, number) for number in range(len(GROUPS)) if number != DELETED]
    found.extend(_ordinary(seed, number) for number in range(min(20 + users // 200, 3000)))
    return found


def _licensing(seed: int, number: int) -> dict[str, Any]:
    name, licenses = GROUPS[number]
    dynamic = number % 3 == 1
    return _group(
        group_id(seed, number),
        name,
        number,
        groupTypes=["DynamicMembership"] if dynamic else [],
        membershipRule="(user.department -ne null) and (user.accountEnabled -eq true)" if dynamic else None,
        assignedLicenses=[
            {"disabledPlans": list(off), "skuId": BY_PART[part].sku_id} for part, off in licenses
        ],
        licenseProcessingState={"state": _STATES[number % 3]},
    )


def _ordinary(seed: int, number: int) -> dict[str, Any]:
    h = roll(seed, number, b"group")
    name = f"{DEPARTMENTS[h[0] % len(DEPARTMENTS)]} {PLACES[h[1] % len(PLACES)][2]} {number}"
    unified = h[2] % 2 == 0
    return _group(
        guid(seed, "group", number),
        name,
        h[3],
        groupTypes=["Unified"] if unified else [],
        mail=f"group-{number}@contoso.example" if unified else None,
        mailEnabled=unified,
        securityEnabled=not unified,
    )


def _group(identity: str, name: str, salt: int, **properties: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "deletedDateTime": None,
        "createdDateTime": moment(FIRST_ORDINAL - 100 - salt % 900, salt),
        "description": None,
        "displayName": name,
        "groupTypes": [],
        "mail": None,
        "mailEnabled": False,
        "mailNickname": f"g{identity[:8]}",
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "onPremisesSyncEnabled": None,
        "proxyAddresses": [],
        "renewedDateTime": moment(FIRST_ORDINAL - 100, salt),
        "securityEnabled": True,
        "visibility": None,
        "assignedLicenses": [],
        "licenseProcessingState": None,
        **properties,
    }


DEFAULT_PROPERTIES = (
    "id",
    "deletedDateTime",
    "createdDateTime",
    "description",
    "displayName",
    "groupTypes",
    "mail",
    "mailEnabled",
    "mailNickname",
    "membershipRule",
    "membershipRuleProcessingState",
    "onPremisesSyncEnabled",
    "proxyAddresses",
    "renewedDateTime",
    "securityEnabled",
    "visibility",
)
"""What a group shows without `$select`: not its licenses."""
