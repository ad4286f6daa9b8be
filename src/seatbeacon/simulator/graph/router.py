"""Which request is answered by what, and with which permission (`facts/graph.md` §0.3, §1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from seatbeacon.simulator.graph.errors import RefusedError, bad_request, denied, not_found
from seatbeacon.simulator.graph.paging import Pager, check_select, whole
from seatbeacon.simulator.graph.query import parse_query
from seatbeacon.simulator.graph.tables import ALL_OPERATORS, ObjectTable
from seatbeacon.simulator.graph.users import SINGLE_ONLY, UserTable
from seatbeacon.simulator.population.apps import ASSIGNMENT_PROPERTIES
from seatbeacon.simulator.population.groups import DEFAULT_PROPERTIES as GROUP_DEFAULTS
from seatbeacon.simulator.reply import Reply, Request, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.simulator.entra.tokens import Access
    from seatbeacon.simulator.reports.service import Reports
    from seatbeacon.simulator.state import State

_ID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_GROUP_FILTERS = {
    **dict.fromkeys(("displayName", "mail"), ALL_OPERATORS),
    "assignedLicenses": frozenset({"any", "$count"}),
    "groupTypes": frozenset({"any"}),
    **dict.fromkeys(("id", "securityEnabled", "mailEnabled"), frozenset({"eq", "ne", "not", "in"})),
}
_PRINCIPAL_FILTERS = {
    "displayName": ALL_OPERATORS,
    **dict.fromkeys(
        ("id", "appId", "servicePrincipalType", "accountEnabled", "appOwnerOrganizationId"),
        frozenset({"eq", "ne", "not", "in"}),
    ),
    "tags": frozenset({"any"}),
}
_CALLABLE_BY_GUESTS = ("organization", "admin", "reports", "copilot")


@dataclass(frozen=True, slots=True)
class Route:
    """A path's pattern, one of the permissions it takes, and who answers."""

    pattern: re.Pattern[str]
    permissions: frozenset[str]
    answer: Callable[..., Reply]


class Graph:
    """Everything under `/v1.0`."""

    def __init__(self, state: State, pager: Pager, reports: Reports, graph_root: str) -> None:
        self._state, self._pager, self._reports, self._root = state, pager, reports, graph_root
        tenant = state.tenant
        self._users = lru_cache(maxsize=2)(lambda day: UserTable(tenant, day))
        self._groups = ObjectTable("Group", tenant.groups(), _GROUP_FILTERS, GROUP_DEFAULTS)
        principals = tenant.service_principals()
        self._principals = ObjectTable(
            "ServicePrincipal", principals, _PRINCIPAL_FILTERS, tuple(principals[0])
        )
        self._applications = {app.id: app for app in tenant.applications()}
        self._assigned = lru_cache(maxsize=256)(self._assignment_table)
        self._routes = self._declare()

    def answer(self, request: Request, access: Access) -> Reply:
        """The reply to an authorized request; RefusedError where Graph refuses it."""
        if not request.path.startswith("/v1.0/"):
            raise bad_request(f"Invalid version: {request.path.split('/')[1]}", "BadRequest")
        path = request.path[len("/v1.0/") :]
        for route in self._routes:
            match = route.pattern.fullmatch(path)
            if match is None:
                continue
            if not route.permissions & access.permissions:
                raise denied()
            if (
                access.lacks_directory_role
                and self._state.tenant.options.restricted_directory
                and not path.startswith(_CALLABLE_BY_GUESTS)
            ):
                raise denied()
            return route.answer(request, access, *match.groups())
        raise bad_request(f"Resource not found for the segment '{path.split('/')[0]}'.", "BadRequest")

    def _declare(self) -> tuple[Route, ...]:
        directory = "Directory.Read.All"
        table: tuple[tuple[str, tuple[str, ...], Callable[..., Reply]], ...] = (
            (r"organization", (directory, "Organization.Read.All", "User.Read"), self._organization),
            (r"users", (directory, "User.Read.All", "User.ReadBasic.All"), self._user_listing),
            (r"users/\$count", (directory, "User.Read.All", "User.ReadBasic.All"), self._user_count),
            (r"users/([^/]+)", (directory, "User.Read.All"), self._one_user),
            (
                r"subscribedSkus",
                (directory, "Organization.Read.All", "LicenseAssignment.Read.All"),
                self._skus,
            ),
            (r"directory/subscriptions", (directory, "Organization.Read.All"), self._subscriptions),
            (
                r"groups",
                (directory, "Group.Read.All", "Group.ReadBasic.All", "GroupMember.Read.All"),
                self._group_listing,
            ),
            (r"groups/([^/]+)", (directory, "Group.Read.All", "Group.ReadBasic.All"), self._one_group),
            (r"servicePrincipals", (directory, "Application.Read.All"), self._principal_listing),
            (r"servicePrincipals/([^/]+)", (directory, "Application.Read.All"), self._one_principal),
            (
                r"servicePrincipals/([^/]+)/appRoleAssignedTo",
                (directory, "Application.Read.All"),
                self._assigned_to,
            ),
            (
                r"admin/reportSettings",
                ("ReportSettings.Read.All", "ReportSettings.ReadWrite.All"),
                self._settings,
            ),
            (r"reports/(get\w+)(?:\((.*)\))?", ("Reports.Read.All",), self._report),
            (r"(copilot/reports/get\w+)\((.*)\)", ("Reports.Read.All",), self._report),
        )
        return tuple(
            Route(re.compile(pattern), frozenset(permissions), answer)
            for pattern, permissions, answer in table
        )

    def _day(self, request: Request) -> int:
        token = self._pager.token(request)
        return token.day if token else self._state.day

    def _organization(self, request: Request, access: Access) -> Reply:
        del access
        entry = self._state.tenant.organization()
        return whole(
            request, ObjectTable("Organization", [entry], {}, tuple(entry)), self._root, "organization"
        )

    def _user_listing(self, request: Request, access: Access) -> Reply:
        chosen = (request.parameter("$select") or "").split(",")
        if SINGLE_ONLY & set(chosen):
            raise RefusedError(501, "NotImplemented", "This operation target is not yet supported.")
        self._check_sign_ins(request, access)
        day = self._day(request)
        listed = ",".join(chosen)
        return self._pager.listing(
            request, self._users(day), day, context=f"users({listed})" if listed else "users"
        )

    def _check_sign_ins(self, request: Request, access: Access) -> None:
        if "signInActivity" not in (request.parameter("$select") or "") + (
            request.parameter("$filter") or ""
        ):
            return
        if not self._state.tenant.options.premium:
            message = "Neither tenant is B2C or tenant doesn't have premium license"
            raise RefusedError(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message)
        if "AuditLog.Read.All" not in access.permissions:
            message = (
                "The principal does not have required Microsoft Graph permission(s): "
                "AuditLog.Read.All to call this API."
            )
            raise RefusedError(403, "Authentication_MSGraphPermissionMissing", message)

    def _user_count(self, request: Request, access: Access) -> Reply:
        del access
        return self._pager.count(request, self._users(self._state.day), self._state.day)

    def _one_user(self, request: Request, access: Access, key: str) -> Reply:
        day = self._state.day
        table = self._users(day)
        self._check_sign_ins(request, access)
        if _ID.match(key):
            index = int(key[24:32], 16)
            exists = self._state.tenant.people.exists(index, day)
        else:
            if "signInActivity" in (request.parameter("$select") or ""):
                raise bad_request(
                    "Get By Key only supports UserId and the key has to be a valid Guid", "BadRequest"
                )
            found = [
                place
                for place in table.prefix("userPrincipalName", key.lower()) or ()
                if table.census.upns[place] == key.lower()
            ]
            exists, index = bool(found), table.census.indices[found[0]] if found else 0
        user = self._state.tenant.people.user(index, day) if exists else None
        if user is None or (_ID.match(key) and user.id != key.lower()):
            raise not_found(key)
        query = parse_query(request)
        shown = table.describe(user, check_select(query, table), query.expand)
        return json_reply({"@odata.context": f"{self._root}/v1.0/$metadata#users/$entity"} | shown)

    def _skus(self, request: Request, access: Access) -> Reply:
        del access
        entries = self._state.tenant.skus(self._state.day)
        return whole(
            request,
            ObjectTable("SubscribedSku", entries, {}, tuple(entries[0])),
            self._root,
            "subscribedSkus",
        )

    def _subscriptions(self, request: Request, access: Access) -> Reply:
        del access
        entries = self._state.tenant.subscriptions(self._state.day)
        table = ObjectTable(
            "CompanySubscription",
            entries,
            {"skuId": frozenset({"eq"}), "status": frozenset({"eq"})},
            tuple(entries[0]),
        )
        return self._pager.listing(request, table, self._state.day, context="directory/subscriptions")

    def _group_listing(self, request: Request, access: Access) -> Reply:
        del access
        return self._pager.listing(request, self._groups, 0, context="groups")

    def _one_group(self, request: Request, access: Access, key: str) -> Reply:
        del access
        return self._one(request, self._groups, key, context="groups")

    def _one_principal(self, request: Request, access: Access, key: str) -> Reply:
        del access
        return self._one(request, self._principals, key, context="servicePrincipals")

    def _one(self, request: Request, table: ObjectTable, key: str, *, context: str) -> Reply:
        entry = next((entry for entry in table.objects if entry["id"] == key.lower()), None)
        if entry is None:
            raise not_found(key)
        shown: dict[str, Any] = {name: entry[name] for name in check_select(parse_query(request), table)}
        return json_reply({"@odata.context": f"{self._root}/v1.0/$metadata#{context}/$entity"} | shown)

    def _principal_listing(self, request: Request, access: Access) -> Reply:
        del access
        return self._pager.listing(request, self._principals, 0, context="servicePrincipals")

    def _assignment_table(self, key: str, day: int) -> ObjectTable:
        app = self._applications.get(key)
        if app is None and all(entry["id"] != key for entry in self._principals.objects):
            raise not_found(key)
        rows = self._state.tenant.assigned_to(app, day) if app else []
        return ObjectTable("AppRoleAssignment", rows, {}, ASSIGNMENT_PROPERTIES)

    def _assigned_to(self, request: Request, access: Access, key: str) -> Reply:
        del access
        day = self._day(request)
        table = self._assigned(key.lower(), day)
        return self._pager.listing(
            request, table, day, context=f"servicePrincipals('{key}')/appRoleAssignedTo"
        )

    def _settings(self, request: Request, access: Access) -> Reply:
        del request, access
        context = f"{self._root}/v1.0/$metadata#admin/reportSettings/$entity"
        return json_reply({"@odata.context": context, "displayConcealedNames": self._state.concealed})

    def _report(self, request: Request, access: Access, function: str, arguments: str | None = None) -> Reply:
        if access.lacks_reports_role:
            raise RefusedError(403, "S2SUnauthorized", "Invalid permission.")
        return self._reports.answer(request, function, arguments)
