"""What stands in each file of a package: the columns of it that Seatbeacon uses, and their types.

Types are DuckDB's names, because it is DuckDB that reads the files; the names of object properties are
Graph's (`facts/graph.md` §1), those of report columns the header's (§2.2). A file may hold more, and may
lack some.
"""

from __future__ import annotations

from typing import Literal

import msgspec

ASSIGNED_LICENSES = "STRUCT(skuId VARCHAR, disabledPlans VARCHAR[])[]"
SERVICE_PLANS = (
    "STRUCT(servicePlanId VARCHAR, servicePlanName VARCHAR, provisioningStatus VARCHAR, appliesTo VARCHAR)[]"
)


class FileSchema(msgspec.Struct, frozen=True):
    """One file of a package: `objects` is newline-delimited JSON, `report` a CSV as Microsoft sent it."""

    dataset: str
    kind: Literal["objects", "report"]
    columns: dict[str, str]

    @property
    def file(self) -> str:
        """The file's name inside the package."""
        return f"{self.dataset}.{'ndjson' if self.kind == 'objects' else 'csv'}"


def _objects(dataset: str, **columns: str) -> FileSchema:
    return FileSchema(dataset, "objects", columns)


def _report(
    dataset: str,
    *dates: str,
    flags: tuple[str, ...] = (),
    numbers: tuple[str, ...] = (),
    texts: tuple[str, ...] = (),
) -> FileSchema:
    columns = {"Report Refresh Date": "DATE"}
    columns |= dict.fromkeys(texts or ("User Principal Name",), "VARCHAR")
    columns |= (
        dict.fromkeys(dates, "DATE") | dict.fromkeys(flags, "BOOLEAN") | dict.fromkeys(numbers, "BIGINT")
    )
    return FileSchema(dataset, "report", columns)


_APPS = ("Outlook", "Word", "Excel", "PowerPoint", "OneNote", "Teams")
_APP_PLATFORMS = ("Windows", "Mac", "Mobile", "Web")
_APP_USAGE_FLAGS = tuple(f"{app} ({platform})" for platform in _APP_PLATFORMS for app in _APPS)
APP_USAGE_PERIODS = (7, 30, 90, 180)

_ALL = (
    _objects(
        "organization",
        id="VARCHAR",
        displayName="VARCHAR",
        countryLetterCode="VARCHAR",
        verifiedDomains="STRUCT(name VARCHAR, isDefault BOOLEAN, isInitial BOOLEAN)[]",
    ),
    _objects(
        "users",
        id="VARCHAR",
        userPrincipalName="VARCHAR",
        displayName="VARCHAR",
        givenName="VARCHAR",
        surname="VARCHAR",
        mail="VARCHAR",
        otherMails="VARCHAR[]",
        proxyAddresses="VARCHAR[]",
        accountEnabled="BOOLEAN",
        userType="VARCHAR",
        createdDateTime="TIMESTAMP",
        department="VARCHAR",
        jobTitle="VARCHAR",
        companyName="VARCHAR",
        country="VARCHAR",
        city="VARCHAR",
        officeLocation="VARCHAR",
        usageLocation="VARCHAR",
        employeeId="VARCHAR",
        employeeType="VARCHAR",
        employeeOrgData="STRUCT(costCenter VARCHAR)",
        onPremisesSyncEnabled="BOOLEAN",
        externalUserState="VARCHAR",
        lastPasswordChangeDateTime="TIMESTAMP",
        manager="STRUCT(id VARCHAR, displayName VARCHAR, userPrincipalName VARCHAR)",
        assignedLicenses=ASSIGNED_LICENSES,
        licenseAssignmentStates="STRUCT(skuId VARCHAR, disabledPlans VARCHAR[], assignedByGroup VARCHAR, "
        "state VARCHAR, error VARCHAR, lastUpdatedDateTime TIMESTAMP)[]",
    ),
    _objects(
        "subscribedSkus",
        id="VARCHAR",
        skuId="VARCHAR",
        skuPartNumber="VARCHAR",
        appliesTo="VARCHAR",
        capabilityStatus="VARCHAR",
        consumedUnits="BIGINT",
        prepaidUnits="STRUCT(enabled BIGINT, lockedOut BIGINT, suspended BIGINT, warning BIGINT)",
        servicePlans=SERVICE_PLANS,
        subscriptionIds="VARCHAR[]",
    ),
    _objects(
        "subscriptions",
        id="VARCHAR",
        commerceSubscriptionId="VARCHAR",
        createdDateTime="TIMESTAMP",
        isTrial="BOOLEAN",
        nextLifecycleDateTime="TIMESTAMP",
        skuId="VARCHAR",
        skuPartNumber="VARCHAR",
        status="VARCHAR",
        totalLicenses="BIGINT",
    ),
    _objects(
        "groups",
        id="VARCHAR",
        displayName="VARCHAR",
        groupTypes="VARCHAR[]",
        securityEnabled="BOOLEAN",
        mailEnabled="BOOLEAN",
        membershipRule="VARCHAR",
        assignedLicenses=ASSIGNED_LICENSES,
        licenseProcessingState="STRUCT(state VARCHAR)",
    ),
    _objects(
        "servicePrincipals",
        id="VARCHAR",
        appId="VARCHAR",
        displayName="VARCHAR",
        verifiedPublisher="STRUCT(displayName VARCHAR)",
        accountEnabled="BOOLEAN",
        appRoleAssignmentRequired="BOOLEAN",
        appOwnerOrganizationId="VARCHAR",
        servicePrincipalType="VARCHAR",
        tags="VARCHAR[]",
    ),
    _objects(
        "appRoleAssignedTo",
        id="VARCHAR",
        appRoleId="VARCHAR",
        createdDateTime="TIMESTAMP",
        principalDisplayName="VARCHAR",
        principalId="VARCHAR",
        principalType="VARCHAR",
        resourceDisplayName="VARCHAR",
        resourceId="VARCHAR",
    ),
    _objects(
        "signInActivity",
        id="VARCHAR",
        signInActivity="STRUCT(lastSignInDateTime TIMESTAMP, lastNonInteractiveSignInDateTime TIMESTAMP, "
        "lastSuccessfulSignInDateTime TIMESTAMP)",
    ),
    _objects("reportSettings", displayConcealedNames="BOOLEAN"),
    _report(
        "activeUsers",
        *(
            f"{service} Last Activity Date"
            for service in ("Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams")
        ),
    ),
    *(
        _report(
            f"appUsageD{period}", "Last Activation Date", "Last Activity Date", flags=_APP_USAGE_FLAGS + _APPS
        )
        for period in APP_USAGE_PERIODS
    ),
    _report(
        "activations",
        "Last Activated Date",
        texts=("User Principal Name", "Product Type"),
        flags=("Activated On Shared Computer",),
        numbers=("Windows", "Mac", "Windows 10 Mobile", "iOS", "Android"),
    ),
    _report(
        "mailboxUsage",
        "Created Date",
        "Last Activity Date",
        texts=("User Principal Name", "Recipient Type"),
        flags=("Is Deleted", "Has Archive"),
        numbers=("Item Count", "Storage Used (Byte)", "Prohibit Send/Receive Quota (Byte)"),
    ),
    _report("emailActivity", "Last Activity Date", numbers=("Send Count", "Receive Count", "Read Count")),
    _report(
        "oneDriveUsage",
        "Last Activity Date",
        texts=("Owner Principal Name", "Site URL"),
        flags=("Is Deleted",),
        numbers=("File Count", "Active File Count", "Storage Used (Byte)", "Storage Allocated (Byte)"),
    ),
    _report(
        "oneDriveActivity", "Last Activity Date", numbers=("Viewed Or Edited File Count", "Synced File Count")
    ),
    _report(
        "sharePointActivity",
        "Last Activity Date",
        numbers=("Viewed Or Edited File Count", "Visited Page Count"),
    ),
    _report(
        "teamsActivity",
        "Last Activity Date",
        texts=("User Principal Name", "User Id"),
        numbers=("Team Chat Message Count", "Private Chat Message Count", "Call Count", "Meeting Count"),
    ),
    _report(
        "teamsDevices",
        "Last Activity Date",
        texts=("User Principal Name", "User Id"),
        flags=(
            "Used Web",
            "Used Windows Phone",
            "Used iOS",
            "Used Mac",
            "Used Android Phone",
            "Used Windows",
            "Used Chrome OS",
            "Used Linux",
        ),
    ),
    _report(
        "vivaEngageActivity", "Last Activity Date", numbers=("Posted Count", "Read Count", "Liked Count")
    ),
    _report(
        "copilotUsage",
        "Last Activity Date",
        "Copilot Chat Last Activity Date",
        *(
            f"{app} Copilot Last Activity Date"
            for app in ("Microsoft Teams", "Word", "Excel", "PowerPoint", "Outlook", "OneNote", "Loop")
        ),
    ),
)

SCHEMAS: dict[str, FileSchema] = {schema.dataset: schema for schema in _ALL}
