"""The usage reports, each for the last 180 days; the app usage report for every period, because it tells yes
or no.

Requests and columns: Microsoft Graph, the pages of the report functions; columns drift, so `known_columns`
is what has been seen, and everything else is told and passed over. Reports.Read.All is enough; with a
delegated token the signed-in account needs a reports role too (Microsoft Graph: Authorization for APIs to
read usage reports).
"""

from __future__ import annotations

from seatbeacon.collection.datasets.dataset import Dataset, Kind
from seatbeacon.collection.package.schemas import APP_USAGE_PERIODS

REPORTS_ROLE = "Reports Reader"
_PERIOD = "(period='D180')"
_PERSON = ("Display Name", "Is Deleted", "Deleted Date")
_SERVICES = ("Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams")
_SHARING = ("Shared Internally File Count", "Shared Externally File Count")
_MEETINGS = ("Ad Hoc Meetings", "Scheduled One-time Meetings", "Scheduled Recurring Meetings")
_DURATIONS = ("Audio Duration", "Video Duration", "Screen Share Duration")


def _report(
    name: str, function: str, *known: str, period: str = _PERIOD, who: str = "User Principal Name"
) -> Dataset:
    root = "/copilot/reports" if "Copilot" in function else "/reports"
    return Dataset(
        name=name,
        kind=Kind.REPORT,
        path=f"{root}/{function}{period}",
        permission="Reports.Read.All",
        role=REPORTS_ROLE,
        clouds="reports",
        name_column=who,
        known_columns=(*known, "Report Period", "Assigned Products"),
    )


USAGE = (
    _report(
        "activeUsers",
        "getOffice365ActiveUserDetail",
        *_PERSON,
        *(f"Has {service} License" for service in _SERVICES),
        *(f"{service} License Assign Date" for service in _SERVICES),
    ),
    *(
        _report(
            f"appUsageD{days}",
            "getM365AppUserDetail",
            *("Windows", "Mac", "Mobile", "Web"),
            period=f"(period='D{days}')",
        )
        for days in APP_USAGE_PERIODS
    ),
    _report("activations", "getOffice365ActivationsUserDetail", "Display Name", period="()"),
    _report(
        "mailboxUsage",
        "getMailboxUsageDetail",
        *_PERSON,
        "Issue Warning Quota (Byte)",
        "Prohibit Send Quota (Byte)",
        "Deleted Item Count",
        "Deleted Item Size (Byte)",
        "Deleted Item Quota (Byte)",
    ),
    _report(
        "emailActivity",
        "getEmailActivityUserDetail",
        *_PERSON,
        "Meeting Created Count",
        "Meeting Interacted Count",
    ),
    _report(
        "oneDriveUsage",
        "getOneDriveUsageAccountDetail",
        "Site Id",
        "Owner Display Name",
        who="Owner Principal Name",
    ),
    _report("oneDriveActivity", "getOneDriveActivityUserDetail", *_PERSON, *_SHARING),
    _report(
        "sharePointActivity", "getSharePointActivityUserDetail", *_PERSON, *_SHARING, "Synced File Count"
    ),
    _report(
        "teamsActivity",
        "getTeamsUserActivityUserDetail",
        *_PERSON,
        "Tenant Display Name",
        "Shared Channel Tenant Display Names",
        "Post Messages",
        "Reply Messages",
        "Urgent Messages",
        *(f"{kind} {role} Count" for kind in ("Meetings", *_MEETINGS) for role in ("Organized", "Attended")),
        *_DURATIONS,
        *(f"{duration} In Seconds" for duration in _DURATIONS),
        "Has Other Action",
        "Is Licensed",
    ),
    _report("teamsDevices", "getTeamsDeviceUsageUserDetail", *_PERSON, "Is Licensed"),
    _report(
        "vivaEngageActivity", "getYammerActivityUserDetail", "Display Name", "User State", "State Change Date"
    ),
    _report("copilotUsage", "getMicrosoft365CopilotUsageUserDetail", "Display Name"),
)
