"""The header line of every report, as Microsoft sends it (`facts/graph.md` §2.2 and `samples/`)."""

from __future__ import annotations

from seatbeacon.simulator.population.usage import APPS, PLATFORMS

_SERVICES = ("Exchange", "OneDrive", "SharePoint", "Skype For Business", "Yammer", "Teams")
_ACTIVE_USERS = ",".join(
    (
        "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date",
        *(f"Has {service} License" for service in _SERVICES),
        *(f"{service} Last Activity Date" for service in _SERVICES),
        *(f"{service} License Assign Date" for service in _SERVICES),
        "Assigned Products",
    )
)
_APP_USAGE = ",".join(
    (
        "Report Refresh Date,User Principal Name,Last Activation Date,Last Activity Date,Report Period",
        *PLATFORMS,
        *APPS,
        *(f"{app} ({platform})" for platform in PLATFORMS for app in APPS),
    )
)

HEADERS = {
    "getOffice365ActiveUserDetail": _ACTIVE_USERS,
    "getM365AppUserDetail": _APP_USAGE,
    "getOffice365ActivationsUserDetail": "Report Refresh Date,User Principal Name,Display Name,"
    "Product Type,Last Activated Date,Windows,Mac,"
    "Windows 10 Mobile,iOS,Android,Activated On Shared Computer",
    "getMailboxUsageDetail": "Report Refresh Date,User Principal Name,Display Name,Is Deleted,"
    "Deleted Date,Created Date,Last Activity Date,"
    "Item Count,Storage Used (Byte),Issue Warning Quota (Byte),Prohibit Send Quota (Byte),"
    "Prohibit Send/Receive Quota (Byte),Recipient Type,"
    "Deleted Item Count,Deleted Item Size (Byte),Deleted Item Quota (Byte),Has Archive,Report Period",
    "getEmailActivityUserDetail": "Report Refresh Date,User Principal Name,Display Name,Is Deleted,"
    "Deleted Date,Last Activity Date,Send Count,"
    "Receive Count,Read Count,Meeting Created Count,Meeting Interacted Count,Assigned Products,Report Period",
    "getOneDriveUsageAccountDetail": "Report Refresh Date,Site Id,Site URL,Owner Display Name,Is "
    "Deleted,Last Activity Date,File Count,"
    "Active File Count,Storage Used (Byte),Storage Allocated (Byte),Owner Principal Name,Report Period",
    "getOneDriveActivityUserDetail": "Report Refresh Date,User Principal Name,Is Deleted,Deleted "
    "Date,Last Activity Date,"
    "Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared "
    "Externally File Count,Assigned Products,Report Period",
    "getSharePointActivityUserDetail": "Report Refresh Date,User Principal Name,Is Deleted,Deleted "
    "Date,Last Activity Date,"
    "Viewed Or Edited File Count,Synced File Count,Shared Internally File Count,Shared "
    "Externally File Count,Visited Page Count,"
    "Assigned Products,Report Period",
    "getTeamsUserActivityUserDetail": "Report Refresh Date,User Id,User Principal Name,Last "
    "Activity Date,Is Deleted,Deleted Date,"
    "Assigned Products,Team Chat Message Count,Private Chat Message Count,Call Count,Meeting "
    "Count,Meetings Organized Count,"
    "Meetings Attended Count,Ad Hoc Meetings Organized Count,Ad Hoc Meetings Attended Count,"
    "Scheduled One-time Meetings Organized Count,"
    "Scheduled One-time Meetings Attended Count,Scheduled Recurring Meetings Organized Count,"
    "Scheduled Recurring Meetings Attended Count,"
    "Audio Duration,Video Duration,Screen Share Duration,Audio Duration In Seconds,Video Duration In Seconds,"
    "Screen Share Duration In Seconds,Has Other Action,Urgent Messages,Post Messages,Tenant Display Name,"
    "Shared Channel Tenant Display Names,Reply Messages,Is Licensed,Report Period",
    "getTeamsDeviceUsageUserDetail": "Report Refresh Date,User Id,User Principal Name,Last "
    "Activity Date,Is Deleted,Deleted Date,Used Web,"
    "Used Windows Phone,Used iOS,Used Mac,Used Android Phone,Used Windows,Used  Chrome OS,Used "
    "Linux,Is Licensed,Report Period",
    "getYammerActivityUserDetail": "Report Refresh Date,User Principal Name,Display Name,User "
    "State,State Change Date,Last Activity Date,"
    "Posted Count,Read Count,Liked Count,Assigned Products,Report Period",
    "getMicrosoft365CopilotUsageUserDetail": "Report Refresh Date,User Principal Name,Display Name,"
    "Last Activity Date,"
    "Copilot Chat Last Activity Date,Microsoft Teams Copilot Last Activity Date,Word Copilot "
    "Last Activity Date,"
    "Excel Copilot Last Activity Date,PowerPoint Copilot Last Activity Date,Outlook Copilot Last "
    "Activity Date,"
    "OneNote Copilot Last Activity Date,Loop Copilot Last Activity Date,Report Period",
}
WITHOUT_PERIOD = frozenset({"getOffice365ActivationsUserDetail"})
"""Reports that take no parameter."""
