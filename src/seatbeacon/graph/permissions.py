"""Which permission a path of Graph needs, and which role besides (`facts/graph.md` §1 and fact 1)."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

DIRECTORY = "Directory.Read.All"
REPORTS = "Reports.Read.All"
AUDIT_LOG = "AuditLog.Read.All"
REPORT_SETTINGS = "ReportSettings.Read.All"
REPORTS_ROLE = "Reports Reader"
DIRECTORY_ROLE = "Directory Readers"


def permission_for(url: str) -> str:
    """The permission that reading `url` takes."""
    parts = urlsplit(url)
    if parts.path.endswith("/admin/reportSettings"):
        return REPORT_SETTINGS
    if "/auditLogs/" in parts.path or "signInActivity" in unquote(parts.query):
        return AUDIT_LOG
    return REPORTS if "/reports/" in parts.path else DIRECTORY


def role_for(url: str) -> str:
    """The least role of the account that signed in; an app that signs in by itself needs none.

    Microsoft Graph: reportroot-authorization; rbac-company-subscriptions-subscribedskus-apis.
    """
    return REPORTS_ROLE if permission_for(url) in {REPORTS, AUDIT_LOG} else DIRECTORY_ROLE


def how_to_allow(url: str, *, app_only: bool | None) -> str:
    """What a person should do so that `url` can be read. `app_only`: how we sign in, None where unknown."""
    permission, role = permission_for(url), role_for(url)
    grant = f"grant the app {permission} in the Microsoft Entra admin center, with admin consent"
    assign = f"assign the role {role} to the account that signed in"
    if app_only is None:
        return f"{_capital(grant)}; if a person signed in, also {assign}. Then sign in again."
    if app_only:
        return f"{_capital(grant)} (as an application permission)."
    if permission in {REPORTS, AUDIT_LOG}:
        return f"{_capital(assign)}; if it has it, {grant}. Then sign in again."
    return f"{_capital(grant)}; in a tenant that restricts its members, also {assign}. Then sign in again."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
