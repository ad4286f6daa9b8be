"""The permissions of Microsoft Graph that Seatbeacon's requests need, with their ids for an app's manifest.

Sources: Microsoft Graph, permissions reference and the permissions of each request (`facts/graph.md` §1).
"""

from __future__ import annotations

from dataclasses import dataclass

from seatbeacon.collection.datasets import DATASETS

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
"""Microsoft Graph itself, as `requiredResourceAccess` in an app's manifest names it."""


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One permission to add to an app registration. `datasets` are what it reads; `kind` is *Delegated* (a
    person signs in) or *Application*."""

    name: str
    id: str
    kind: str
    admin_consent: bool
    datasets: tuple[str, ...]
    why: str


_IDS = {
    "Directory.Read.All": ("06da0dbc-49e2-44d2-8312-53f166ab848a", "7ab1d382-f21e-4acd-a863-ba3e13f7da61"),
    "Reports.Read.All": ("02e97553-ed7b-43d0-ab3c-f8bace0d040c", "230c1aed-a721-4c5d-9cb4-a90514e508ef"),
    "AuditLog.Read.All": ("e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20", "b0afded3-3588-46d8-8b3d-9842eff778da"),
    "ReportSettings.Read.All": (
        "84fac5f4-33a9-4100-aa38-a20c6d29e5e7",
        "ee353f83-55ef-4b78-82da-555bfa2b4b95",
    ),
    "User.Read.All": ("a154be20-db9c-4678-8ab7-66f6cc099a59", "df021288-bdef-4463-88db-98f22de89214"),
    "Organization.Read.All": ("4908d5b9-3fb2-4b1e-9336-1888b7937185", "498476ce-e0fe-48b0-b801-37ba7e2685c6"),
    "GroupMember.Read.All": ("bc024368-1153-4739-b217-4326f2e966d0", "98830695-27a2-44f7-8c18-0c3ebc9698f6"),
    "Application.Read.All": ("c79f8feb-a9db-4090-85f9-90d820caa0eb", "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30"),
    "offline_access": ("7427e0e9-2fba-42fe-b0c0-848c9e6a8182", ""),
}
"""By name: the id of the delegated permission, and of the application permission."""

NARROWER = {
    "organization": "Organization.Read.All",
    "subscribedSkus": "Organization.Read.All",
    "subscriptions": "Organization.Read.All",
    "users": "User.Read.All",
    "groups": "GroupMember.Read.All",
    "servicePrincipals": "Application.Read.All",
    "appRoleAssignedTo": "Application.Read.All",
}
"""By dataset: the narrowest permission that reads all we select of it, in place of Directory.Read.All."""

_WHY = {
    "Directory.Read.All": "Users, licenses, groups, subscriptions and enterprise applications.",
    "Reports.Read.All": "Usage reports: who used which application, and when.",
    "AuditLog.Read.All": "The last sign-in of each user; needs Entra ID P1 too.",
    "ReportSettings.Read.All": "Whether names are concealed in usage reports.",
    "User.Read.All": "Users with their licenses.",
    "Organization.Read.All": "The tenant's name, its licenses and their renewal dates.",
    "GroupMember.Read.All": "Groups that assign licenses.",
    "Application.Read.All": "Enterprise applications, and who is assigned to them.",
    "offline_access": "Imports while nobody is signed in.",
}


def documented(*, app_only: bool) -> tuple[Permission, ...]:
    """What an import needs to read everything but the extras."""
    names = ["Directory.Read.All", "Reports.Read.All"]
    return tuple(_permission(name, app_only=app_only) for name in [*names, *_offline(app_only=app_only)])


def narrower(*, app_only: bool) -> tuple[Permission, ...]:
    """The same reach without the right to read the whole directory: one permission for each kind of thing."""
    names = [*dict.fromkeys(NARROWER.values()), "Reports.Read.All"]
    return tuple(_permission(name, app_only=app_only) for name in [*names, *_offline(app_only=app_only)])


def optional(*, app_only: bool) -> tuple[Permission, ...]:
    """What the extras need, which no import misses."""
    names = dict.fromkeys(dataset.permission for dataset in DATASETS if dataset.extra)
    return tuple(_permission(name, app_only=app_only) for name in names)


def _offline(*, app_only: bool) -> list[str]:
    return [] if app_only else ["offline_access"]


def _permission(name: str, *, app_only: bool) -> Permission:
    return Permission(
        name=name,
        id=_IDS[name][app_only],
        kind="Application" if app_only else "Delegated",
        admin_consent=name != "offline_access",
        datasets=_datasets(name),
        why=_WHY[name],
    )


def _datasets(name: str) -> tuple[str, ...]:
    return tuple(each.name for each in DATASETS if name in {each.permission, NARROWER.get(each.name)})
