"""The tenant as a pure population: what Graph and the reports are rendered from, and what `truth` is
computed from."""

from __future__ import annotations

from array import array
from collections import Counter
from functools import cached_property, lru_cache
from threading import RLock
from typing import TYPE_CHECKING, Any

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.population.apps import (
    Application,
    assignment_row,
    enterprise_applications,
    group_assignment,
    service_principals,
)
from seatbeacon.simulator.population.dice import FIRST_ORDINAL, guid, today
from seatbeacon.simulator.population.groups import groups
from seatbeacon.simulator.population.licensing import Licensing, ever_entitled, licensing
from seatbeacon.simulator.population.subscriptions import subscribed_skus, subscriptions
from seatbeacon.simulator.population.usage import COPILOT_LAG, REPORT_LAG, Usage, usage
from seatbeacon.simulator.population.users import People, SimUser

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Census", "Tenant", "TenantOptions"]


class Census:
    """Who stands in the directory on one day, in columns: kept small, because a tenant may hold a million."""

    def __init__(self, people: People, day: int) -> None:
        self.day = day
        self.indices = array("I")
        self.upns: list[str] = []
        """Lower-case user principal names, beside `indices`."""
        self.created: list[str] = []
        self.enabled = bytearray()
        self.guest = bytearray()
        self.left: list[int] = []
        """Accounts that went within the last thirty days."""
        for index in range(people.last_index(day)):
            user = people.user(index, day)
            gone = people.leaves(index, user.h) if day else 1
            if gone <= day:
                if gone > day - 30:
                    self.left.append(index)
                continue
            self.indices.append(index)
            self.upns.append(user.upn.lower())
            self.created.append(user.created)
            self.enabled.append(user.enabled)
            self.guest.append(user.user_type == "Guest")

    @cached_property
    def by_upn(self) -> array[int]:
        """Positions in the order of user principal names."""
        return array("I", sorted(range(len(self.upns)), key=self.upns.__getitem__))


class Tenant:
    """One simulated tenant; every answer follows from its options and the day asked for."""

    def __init__(self, options: TenantOptions) -> None:
        self.options = options
        self.id = guid(options.seed, "tenant")
        self.display_name = "Contoso"
        self.domain = "contoso.example"
        self.initial_domain = "contoso.onmicrosoft.com"
        self.people = People(options.seed, options.users, self.domain, self.initial_domain)
        self._lock = RLock()
        self._censuses: dict[int, Census] = {}
        self.consumed = lru_cache(maxsize=4)(self._consumed)

    def census(self, day: int) -> Census:
        """Who is there on `day`; the last few days asked for are kept."""
        with self._lock:
            if day not in self._censuses:
                while len(self._censuses) >= 2:
                    del self._censuses[next(iter(self._censuses))]
                self._censuses[day] = Census(self.people, day)
            return self._censuses[day]

    def users(self, day: int | None = None) -> Iterator[SimUser]:
        """The accounts of `day` (default: the options' day), in the order Graph lists them."""
        day = self.options.day if day is None else day
        return (self.people.user(index, day) for index in self.census(day).indices)

    def licensing(self, user: SimUser) -> Licensing:
        """The licenses of `user` and how each came."""
        return licensing(user, copilot=self.options.copilot)

    def usage(self, user: SimUser, held: Licensing, day: int) -> Usage:
        """What the reports of `day` know of `user`."""
        entitled = ever_entitled(user, held, copilot=self.options.copilot)
        return usage(self.options.seed, user, entitled, self.refresh(day))

    def refresh(self, day: int) -> int:
        """The last day (as an ordinal) that the usage reports cover on `day`; Copilot's lags one more."""
        return FIRST_ORDINAL + day - REPORT_LAG

    def copilot_refresh(self, day: int) -> int:
        """The last day (as an ordinal) that the Copilot report covers on `day`."""
        return FIRST_ORDINAL + day - COPILOT_LAG

    def _consumed(self, day: int) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for user in self.users(day):
            counts.update(self.licensing(user).assigned.keys())
        return dict(counts)

    def skus(self, day: int | None = None) -> list[dict[str, Any]]:
        """Graph's `subscribedSku` objects."""
        day = self.options.day if day is None else day
        return subscribed_skus(self.id, self.subscriptions(day), self.consumed(day))

    def subscriptions(self, day: int | None = None) -> list[dict[str, Any]]:
        """Graph's `companySubscription` objects."""
        day = self.options.day if day is None else day
        return subscriptions(self.options.seed, self.options.users, day, copilot=self.options.copilot)

    def groups(self) -> list[dict[str, Any]]:
        """Graph's `group` objects."""
        return groups(self.options.seed, self.options.users)

    def service_principals(self) -> list[dict[str, Any]]:
        """Graph's `servicePrincipal` objects."""
        return service_principals(self.options.seed, self.options.users, self.id)

    def applications(self) -> list[Application]:
        """The enterprise applications among the service principals."""
        return enterprise_applications(self.options.seed, self.options.users)

    def assigned_to(self, app: Application, day: int) -> list[dict[str, Any]]:
        """The rows of `appRoleAssignedTo` of one enterprise application."""
        rows = []
        for index, role in app.assigned(self.people.last_index(day)):
            user = self.people.user(index, day)
            if day == 0 or self.people.leaves(index, user.h) > day:
                rows.append(assignment_row(app, user.id, user.display_name, "User", role, index))
        group = group_assignment(self.options.seed, app)
        return [*rows, group] if group else rows

    def organization(self) -> dict[str, Any]:
        """Graph's `organization` object."""
        return {
            "id": self.id,
            "deletedDateTime": None,
            "businessPhones": ["8006427676"],
            "city": "München",
            "country": None,
            "countryLetterCode": "DE",
            "createdDateTime": "2014-03-11T09:00:00Z",
            "defaultUsageLocation": "DE",
            "displayName": self.display_name,
            "onPremisesSyncEnabled": True,
            "preferredLanguage": "de",
            "tenantType": "AAD",
            "verifiedDomains": [
                {
                    "capabilities": "Email",
                    "isDefault": False,
                    "isInitial": True,
                    "name": self.initial_domain,
                    "type": "Managed",
                },
                {
                    "capabilities": "Email",
                    "isDefault": True,
                    "isInitial": False,
                    "name": self.domain,
                    "type": "Managed",
                },
            ],
        }

    def today(self, day: int) -> str:
        """The calendar day that `day` calls today, `YYYY-MM-DD`."""
        return today(day).isoformat()
