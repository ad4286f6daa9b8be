"""Who can sign in, and the app registrations they sign in to."""

from __future__ import annotations

from dataclasses import dataclass

MULTI_TENANT_CLIENT_ID = "5bb1a5a2-0d97-4335-9448-119f7b27aff9"
NATIVE_CLIENT = "https://login.microsoftonline.com/common/oauth2/nativeclient"
NATIVE_CLIENT_PATH = "/common/oauth2/nativeclient"

PERMISSIONS = {
    "Directory.Read.All": ("Read directory data", True),
    "Reports.Read.All": ("Read all usage reports", True),
    "AuditLog.Read.All": ("Read all audit log data", True),
    "ReportSettings.Read.All": ("Read all admin report settings", True),
    "Organization.Read.All": ("Read organization information", True),
    "User.Read.All": ("Read all users' full profiles", True),
    "User.Read": ("Sign you in and read your profile", False),
}
"""Permission → (what the consent page says, whether only an administrator may grant it)."""
OPENID_SCOPES = ("openid", "profile", "email", "offline_access")


@dataclass(frozen=True, slots=True)
class Account:
    """Someone of the tenant who can sign in."""

    key: str
    name: str
    role: str | None
    reads_reports: bool
    may_consent: bool

    def upn(self, domain: str) -> str:
        """The user principal name."""
        return f"{self.key}@{domain}"


ACCOUNTS = {
    account.key: account
    for account in (
        Account(
            "reports-reader",
            "Rita Reader",
            "Global Reader + Cloud Application Administrator",
            reads_reports=True,
            may_consent=True,
        ),
        Account(
            "cloud-admin",
            "Cleo Admin",
            "Cloud Application Administrator",
            reads_reports=False,
            may_consent=True,
        ),
        Account("ordinary", "Otto Ordinary", None, reads_reports=False, may_consent=False),
    )
}
"""By key: one who may consent and read reports, one who may consent only, and one who may neither."""


@dataclass(frozen=True, slots=True)
class Registration:
    """An app registration; `secret` None makes it a public client."""

    client_id: str
    name: str
    multi_tenant: bool
    redirect_uris: tuple[str, ...]
    secret: str | None = None
    secret_id: str | None = None
    expired_secret: str | None = None

    @property
    def confidential(self) -> bool:
        """Whether it proves itself with a secret or a certificate."""
        return self.secret is not None

    def accepts(self, redirect_uri: str, login_root: str) -> bool:
        """Whether `redirect_uri` is one of the registered; a loopback address may have any port (§4.3)."""
        if redirect_uri in (*self.redirect_uris, f"{login_root}{NATIVE_CLIENT_PATH}"):
            return True
        scheme, _, rest = redirect_uri.partition("://")
        host, _, path = rest.partition("/")
        return (
            scheme == "http"
            and host.partition(":")[0] in ("localhost", "127.0.0.1")
            and path in ("", "auth/callback", "callback", "connections/authorize/callback")
        )
