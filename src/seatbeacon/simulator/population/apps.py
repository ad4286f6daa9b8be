"""Enterprise applications, Microsoft's own service principals, and who is assigned to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.simulator.population.dice import FIRST_ORDINAL, guid, moment, roll
from seatbeacon.simulator.population.licensing import group_id

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTERPRISE_TAG = "WindowsAzureActiveDirectoryIntegratedApp"
_ENTERPRISE = (
    ("Salesforce", "Salesforce, Inc.", 5),
    ("ServiceNow", "ServiceNow", 9),
    ("SAP Concur", "Concur Technologies", 3),
    ("Zoom", "Zoom", 14),
    ("Workday", "Workday, Inc.", 2),
    ("Jira Cloud", "Atlassian", 11),
    ("=cmd|' /C calc'!A0", "Unknown", 400),
    ("Übersetzer", "Contoso AG", 50),
    ("経費精算", "Contoso AG", 31),
    ("Expenses <b>beta</b>", "Contoso AG", 97),
    ("Adobe Creative Cloud", "Adobe", 21),
    ("Legacy Intranet", None, 0),
)
"""(name, publisher, one of how many users is assigned; 0: nobody)."""
_FIRST_PARTY = (
    "Microsoft Graph",
    "Office 365 Exchange Online",
    "Office 365 SharePoint Online",
    "Windows Azure Active Directory",
    "Power BI Service",
)
_MICROSOFT_OWNER = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
_MOST_ASSIGNED = 5_000
"""Direct assignments of one application; whoever has more people assigns a group."""


class Application:
    """One service principal with the tag of an enterprise application."""

    def __init__(self, seed: int, number: int) -> None:
        self.seed, self.number = seed, number
        known = number < len(_ENTERPRISE)
        row = _ENTERPRISE[number] if known else (f"Line of business {number}", "Contoso AG", 200)
        self.name: str = row[0]
        self.publisher: str | None = row[1]
        self.every: int = row[2]
        self.id = guid(seed, "service-principal", number)

    def assigned(self, last_index: int) -> Iterator[tuple[int, str]]:
        """(user index, role id) of each direct assignment; a user may hold two roles."""
        if not self.every:
            return
        nobody, role = "00000000-0000-0000-0000-000000000000", guid(self.seed, "role", self.number)
        for count, index in enumerate(range(self.number % self.every, last_index, self.every)):
            if count == _MOST_ASSIGNED:
                return
            yield index, nobody
            if index % 40 == 0:
                yield index, role


def enterprise_applications(seed: int, users: int) -> list[Application]:
    """The tenant's enterprise applications: a dozen, and one more for every 2,000 users up to a hundred."""
    return [Application(seed, number) for number in range(len(_ENTERPRISE) + min(users // 2000, 100))]


def service_principals(seed: int, users: int, tenant_id: str) -> list[dict[str, Any]]:
    """Every service principal as Graph's object, Microsoft's own and managed identities among them."""
    found = [
        _principal(
            app.id,
            guid(seed, "app", app.number),
            app.name,
            app.publisher,
            tenant_id if app.publisher == "Contoso AG" else guid(seed, "owner", app.number),
            [ENTERPRISE_TAG, "HideApp"] if app.number == 7 else [ENTERPRISE_TAG],
            enabled=app.number != 11,
        )
        for app in enterprise_applications(seed, users)
    ]
    found.extend(
        _principal(
            guid(seed, "first-party", number), guid(0, name), name, "Microsoft Services", _MICROSOFT_OWNER, []
        )
        for number, name in enumerate(_FIRST_PARTY)
    )
    identity = _principal(
        guid(seed, "managed", 0), guid(seed, "managed-app", 0), "vm-build-01", None, None, []
    )
    found.append(identity | {"servicePrincipalType": "ManagedIdentity"})
    return found


def _principal(
    identity: str,
    app_id: str,
    name: str,
    publisher: str | None,
    owner: str | None,
    tags: list[str],
    *,
    enabled: bool = True,
) -> dict[str, Any]:
    return {
        "id": identity,
        "deletedDateTime": None,
        "accountEnabled": enabled,
        "appDisplayName": name,
        "appId": app_id,
        "appOwnerOrganizationId": owner,
        "appRoleAssignmentRequired": bool(tags) and len(name) % 2 == 0,
        "createdDateTime": moment(FIRST_ORDINAL - 200 - len(name), len(name)),
        "displayName": name,
        "verifiedPublisher": {"displayName": publisher, "verifiedPublisherId": None, "addedDateTime": None},
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMultipleOrgs",
        "tags": tags,
    }


def group_assignment(seed: int, app: Application) -> dict[str, Any] | None:
    """Some applications are assigned to a group as well: its row, which names no user."""
    if app.number % 3:
        return None
    return assignment_row(
        app, group_id(seed, 0), "LIC Microsoft 365 E5", "Group", "00000000-0000-0000-0000-000000000000", 1
    )


def assignment_row(
    app: Application, principal: str, name: str, kind: str, role: str, salt: int
) -> dict[str, Any]:
    """One row of `appRoleAssignedTo`."""
    h = roll(app.seed, salt, b"assignment")
    return {
        "id": f"{app.id[:8]}{principal.replace('-', '')}{role.replace('-', '')[:12]}",
        "deletedDateTime": None,
        "appRoleId": role,
        "createdDateTime": moment(FIRST_ORDINAL - 10 - h[0] % 900, h[1]),
        "principalDisplayName": name,
        "principalId": principal,
        "principalType": kind,
        "resourceDisplayName": app.name,
        "resourceId": app.id,
    }


ASSIGNMENT_PROPERTIES = (
    "id",
    "deletedDateTime",
    "appRoleId",
    "createdDateTime",
    "principalDisplayName",
    "principalId",
    "principalType",
    "resourceDisplayName",
    "resourceId",
)
