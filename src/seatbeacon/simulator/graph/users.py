"""The `users` listing: properties, their defaults and filters, and each account as Graph writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.simulator.graph.errors import RefusedError, bad_request
from seatbeacon.simulator.graph.tables import ALL_OPERATORS, prefix_range
from seatbeacon.simulator.population.dice import iso_day, moment
from seatbeacon.simulator.population.licensing import Licensing, group_id
from seatbeacon.simulator.population.places import DEPARTMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seatbeacon.simulator.population.users import SimUser
    from seatbeacon.simulator.tenant import Tenant

DEFAULT_PROPERTIES = (
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
)
SINGLE_ONLY = frozenset(
    [
        "aboutMe",
        "birthday",
        "hireDate",
        "interests",
        "mailboxSettings",
        "mySite",
        "pastProjects",
        "preferredName",
        "responsibilities",
        "schools",
        "skills",
    ]
)
"""Answered for one user only; on the listing they are 501 (`facts/graph.md` §1.1)."""
_TEXT = ALL_OPERATORS
_EQUAL = frozenset({"eq", "ne", "not", "in"})
_FILTERABLE = {
    "id": frozenset({"eq", "not", "in"}),
    **dict.fromkeys(("userPrincipalName", "displayName", "givenName", "surname", "mail", "jobTitle"), _TEXT),
    **dict.fromkeys(
        ("usageLocation", "companyName", "country", "city", "officeLocation", "employeeId"),
        _TEXT - {"endswith"},
    ),
    "department": _TEXT - {"endswith"},
    **dict.fromkeys(
        ("accountEnabled", "userType", "externalUserState", "onPremisesSyncEnabled", "employeeType"), _EQUAL
    ),
    "createdDateTime": frozenset({"eq", "ne", "not", "ge", "le", "in"}),
    "assignedLicenses": frozenset({"any", "$count"}),
}


class UserTable:
    """The accounts of one day; rows are made when they are asked for."""

    name: str = "User"
    filterable: dict[str, frozenset[str]] = _FILTERABLE
    default: tuple[str, ...] = DEFAULT_PROPERTIES

    def __init__(self, tenant: Tenant, day: int) -> None:
        self.tenant, self.day = tenant, day
        self.census = tenant.census(day)
        self.size = len(self.census.indices)
        self.known = frozenset(_WRITERS) | {"assignedLicenses", "licenseAssignmentStates", "signInActivity"}
        self._groups = [group_id(tenant.options.seed, number) for number in range(9)]

    def column(self, prop: str) -> Sequence[Any]:
        """All values of one property."""
        census = self.census
        if prop == "userPrincipalName":
            return census.upns
        if prop == "createdDateTime":
            return census.created
        if prop == "accountEnabled":
            return [enabled == 1 for enabled in census.enabled]
        if prop == "userType":
            return ["Guest" if guest else "Member" for guest in census.guest]
        return [self.row(position, (prop,), None)[prop] for position in range(self.size)]

    def prefix(self, prop: str, text: str) -> Sequence[int] | None:
        """Positions whose user principal name begins with `text`."""
        if prop != "userPrincipalName":
            return None
        return prefix_range(self.census.by_upn, self.census.upns, text)

    def row(
        self, position: int, select: tuple[str, ...], expand: tuple[str, tuple[str, ...]] | None
    ) -> dict[str, Any]:
        """One account with the properties asked for, and its manager if that is expanded."""
        return self.describe(self.tenant.people.user(self.census.indices[position], self.day), select, expand)

    def describe(
        self, user: SimUser, select: tuple[str, ...], expand: tuple[str, tuple[str, ...]] | None
    ) -> dict[str, Any]:
        """`user` as Graph writes it; properties that an account lacks altogether are left out, as Graph
        does."""
        shown: dict[str, Any] = {}
        held: Licensing | None = None
        for name in select:
            writer = _WRITERS.get(name)
            if writer is not None:
                shown[name] = writer(user)
            elif name == "signInActivity":
                activity = sign_in_activity(self.tenant, user, self.day)
                if activity is not None:
                    shown[name] = activity
            else:
                held = held or self.tenant.licensing(user)
                shown[name] = self._licenses(held) if name == "assignedLicenses" else self._states(held)
        if expand is not None:
            self._expand(shown, user, *expand)
        return shown

    def _expand(self, shown: dict[str, Any], user: SimUser, navigation: str, select: tuple[str, ...]) -> None:
        if navigation != "manager":
            raise bad_request(
                f"Could not find a property named '{navigation}' on type 'microsoft.graph.user'.",
                "BadRequest",
            )
        boss = self.tenant.people.manager(user, self.day)
        if boss is not None:
            names = select or DEFAULT_PROPERTIES
            shown["manager"] = {"@odata.type": "#microsoft.graph.user"} | {
                name: _WRITERS[name](boss) for name in names
            }

    @staticmethod
    def _licenses(held: Licensing) -> list[dict[str, Any]]:
        return [
            {"disabledPlans": list(disabled), "skuId": sku_id} for sku_id, disabled in held.assigned.items()
        ]

    def _states(self, held: Licensing) -> list[dict[str, Any]]:
        return [
            {
                "skuId": way.sku_id,
                "disabledPlans": list(way.disabled),
                "assignedByGroup": None if way.group is None else self._groups[way.group],
                "state": way.state,
                "error": way.error,
                "lastUpdatedDateTime": way.updated,
            }
            for way in held.ways
        ]


def sign_in_activity(tenant: Tenant, user: SimUser, day: int) -> dict[str, Any] | None:
    """Graph's `signInActivity`; None for accounts that never signed in (the property is then absent)."""
    usage = tenant.usage(user, tenant.licensing(user), day)
    last = max(usage.services)
    if not last:
        return None
    quiet = user.h[25] % 7 == 0
    return {
        "lastSignInDateTime": moment(last, user.h[24]),
        "lastSignInRequestId": f"{user.h[24]:08x}-0000-4000-8000-{user.index:012x}",
        "lastNonInteractiveSignInDateTime": "0001-01-01T00:00:00Z" if quiet else moment(last, user.h[25]),
        "lastNonInteractiveSignInRequestId": ""
        if quiet
        else f"{user.h[25]:08x}-0000-4000-8000-{user.index:012x}",
        "lastSuccessfulSignInDateTime": moment(last, user.h[24]) if iso_day(last) >= "2023-12-01" else None,
        "lastSuccessfulSignInRequestId": f"{user.h[24]:08x}-0000-4000-8000-{user.index:012x}",
    }


def unknown_property(name: str) -> RefusedError:
    """400: `$select` names what no user has."""
    return bad_request(
        (
            f"Parsing OData Select and Expand failed: Could not find a property named '{name}' on type "
            "'microsoft.graph.user'."
        ),
        "BadRequest",
    )


def _org_data(user: SimUser) -> dict[str, str | None] | None:
    """Who is in a department has a cost center there; a few have none."""
    if user.department is None or user.h[13] % 40 == 0:
        return None
    return {"division": user.company, "costCenter": f"CC-{100 + 10 * DEPARTMENTS.index(user.department)}"}


_WRITERS: dict[str, Callable[[SimUser], Any]] = {
    "id": lambda user: user.id,
    "userPrincipalName": lambda user: user.upn,
    "displayName": lambda user: user.display_name,
    "givenName": lambda user: user.given_name,
    "surname": lambda user: user.surname,
    "mail": lambda user: user.mail,
    "mailNickname": lambda user: user.upn.split("@")[0],
    "otherMails": lambda user: user.other_mails,
    "proxyAddresses": lambda user: user.proxy_addresses,
    "accountEnabled": lambda user: user.enabled,
    "userType": lambda user: user.user_type,
    "createdDateTime": lambda user: user.created,
    "department": lambda user: user.department,
    "jobTitle": lambda user: user.job_title,
    "companyName": lambda user: user.company,
    "country": lambda user: user.country,
    "city": lambda user: user.city,
    "officeLocation": lambda user: user.office,
    "usageLocation": lambda user: user.usage_location,
    "employeeId": lambda user: user.employee_id,
    "employeeType": lambda user: user.employee_type,
    "employeeOrgData": _org_data,
    "onPremisesSyncEnabled": lambda user: user.synced,
    "externalUserState": lambda user: user.external_state,
    "lastPasswordChangeDateTime": lambda user: moment(user.created_day, user.h[12]),
    "businessPhones": lambda user: [f"+1 425 555 {user.h[9] % 10000:04d}"] if user.h[9] % 3 == 0 else [],
    "mobilePhone": lambda _: None,
    "preferredLanguage": lambda user: "en-US" if user.h[9] % 2 else None,
    "deletedDateTime": lambda _: None,
}
