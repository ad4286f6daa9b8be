"""How to register an app of one's own, as data: steps, permissions, redirect URIs, and the consent link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from seatbeacon.beacon.connections import permissions
from seatbeacon.beacon.connections.defaults import MULTI_TENANT, TOKEN_PATH
from seatbeacon.beacon.models import Connection, Flow
from seatbeacon.graph.endpoints import is_loopback
from seatbeacon.graph.oauth import app_only_scope

if TYPE_CHECKING:
    from seatbeacon.beacon.connections.drafts import Draft
    from seatbeacon.beacon.connections.permissions import Permission

NATIVE_PATH = "/common/oauth2/nativeclient"
LOOPBACK = "http://localhost"
"""What the command line listens at. Registered without a port, it stands for every port."""

NARROWER_NOTE = (
    "Instead of Directory.Read.All, which reads everything in the directory, these four read the same things "
    "for an import. They are for the flow Client Credentials: a person's sign-in asks for Directory.Read.All "
    "by name."
)
CONSENT_ROLE_DELEGATED = "Cloud Application Administrator, Application Administrator or Global Administrator"
CONSENT_ROLE_APP_ONLY = "Privileged Role Administrator or Global Administrator"
REPORTS_ROLE = "Reports Reader"


@dataclass(frozen=True)
class RedirectUri:
    """A redirect URI to register, under which platform of the app registration, and what for."""

    value: str
    platform: str
    why: str


@dataclass(frozen=True)
class Step:
    """One step. `copy` are values to copy, each with what it is."""

    title: str
    text: str
    copy: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class AppGuide:
    """All that a person needs who registers the app. `reports_role`: for the account that signs in, else
    None."""

    steps: tuple[Step, ...]
    permissions: tuple[Permission, ...]
    narrower: tuple[Permission, ...]
    narrower_note: str
    optional: tuple[Permission, ...]
    redirect_uris: tuple[RedirectUri, ...]
    consent_url: str | None
    consent_role: str
    reports_role: str | None


def app_guide(fields: Connection | Draft, *, callback: str | None = None) -> AppGuide:
    """The guide for a connection or a form as it stands. `callback` is the pages' own redirect URI."""
    app_only = fields.flow == Flow.CLIENT_CREDENTIALS
    needed = permissions.documented(app_only=app_only)
    uris = () if fields.flow != Flow.AUTHORIZATION_CODE else _redirect_uris(fields, callback)
    consent_url = admin_consent_url(fields)
    role = CONSENT_ROLE_APP_ONLY if app_only else CONSENT_ROLE_DELEGATED
    return AppGuide(
        steps=_steps(fields, needed, uris, consent_url, role),
        permissions=needed,
        narrower=permissions.narrower(app_only=True),
        narrower_note=NARROWER_NOTE,
        optional=permissions.optional(app_only=app_only),
        redirect_uris=uris,
        consent_url=consent_url,
        consent_role=role,
        reports_role=None if app_only else REPORTS_ROLE,
    )


def admin_consent_url(
    fields: Connection | Draft, *, redirect_uri: str | None = None, state: str | None = None
) -> str | None:
    """Where an administrator consents for the whole organization (`facts/graph.md` §4.4).

    None where the token endpoint is not of Microsoft's shape. `common` is not accepted there: without a
    tenant id the link names `organizations`.
    """
    if not fields.token_endpoint.endswith(TOKEN_PATH) or not fields.client_id:
        return None
    parts = urlsplit(fields.token_endpoint)
    named = parts.path.removeprefix("/").partition("/")[0]
    tenant = fields.tenant_id or ("organizations" if named.lower() in MULTI_TENANT else named)
    origin = f"{parts.scheme}://{parts.netloc}"
    root = fields.graph_root
    scope = f"{root}/Directory.Read.All {root}/Reports.Read.All"
    query = {
        "client_id": fields.client_id,
        "scope": app_only_scope(root) if fields.flow == Flow.CLIENT_CREDENTIALS else scope,
        "redirect_uri": redirect_uri or fields.redirect_uri or f"{origin}{NATIVE_PATH}",
    }
    if state:
        query["state"] = state
    return f"{origin}/{tenant}/v2.0/adminconsent?{urlencode(query)}"


def _redirect_uris(fields: Connection | Draft, callback: str | None) -> tuple[RedirectUri, ...]:
    parts = urlsplit(fields.token_endpoint)
    native = f"{parts.scheme}://{parts.netloc}{NATIVE_PATH}"
    desktop = "Mobile and desktop applications"
    found = [
        RedirectUri(native, desktop, "Works everywhere: the address of the blank page is pasted."),
        RedirectUri(LOOPBACK, desktop, "For the command line on this machine: nothing is pasted."),
    ]
    if callback:
        local = is_loopback(urlsplit(callback).hostname)
        platform = desktop if local else "Web"
        found.insert(0, RedirectUri(callback, platform, "For these pages: the field fills by itself."))
    if fields.redirect_uri and fields.redirect_uri not in {uri.value for uri in found}:
        found.insert(0, RedirectUri(fields.redirect_uri, desktop, "The connection's own."))
    return tuple(found)


def _steps(
    fields: Connection | Draft,
    needed: tuple[Permission, ...],
    uris: tuple[RedirectUri, ...],
    consent_url: str | None,
    role: str,
) -> tuple[Step, ...]:
    app_only = fields.flow == Flow.CLIENT_CREDENTIALS
    steps = [
        Step(
            "Register the app",
            "In the Entra admin center go to Identity > Applications > App registrations > New registration. "
            "Name it, and choose “Accounts in this organizational directory only”.",
            (("Name", "Seatbeacon"),),
        )
    ]
    if uris:
        steps.append(
            Step(
                "Add a redirect URI",
                "Under Authentication > Add a platform. One of these is enough; the connection's field "
                "Redirect URI must hold the same one. Never choose the platform Single-page application: its "
                "refresh tokens live for 24 hours.",
                tuple((uri.platform, uri.value) for uri in uris),
            )
        )
    if not app_only:
        steps.append(
            Step(
                "Allow public client flows",
                "Under Authentication > Settings, unless the connection has a client secret or certificate.",
            )
        )
    kind = "Application permissions" if app_only else "Delegated permissions"
    steps.append(
        Step(
            "Add the permissions",
            f"Under API permissions > Add a permission > Microsoft Graph > {kind}.",
            tuple((permission.name, permission.id) for permission in needed),
        )
    )
    steps.append(
        Step(
            "Grant admin consent",
            f"With “Grant admin consent” on the same page, or by this link. It takes a {role}.",
            (("Admin consent", consent_url),) if consent_url else (),
        )
    )
    if app_only:
        steps.append(
            Step(
                "Make a client secret, or upload a certificate",
                "Under Certificates & secrets. Copy the secret's value (not its id) at once: it is shown "
                "only then. Note the day it ends. A certificate is safer: its key never leaves this machine.",
            )
        )
    else:
        steps.append(
            Step(
                "Let the account read usage reports",
                f"Assign the role {REPORTS_ROLE} (or Global Reader) to the account that signs in: without it "
                "users and licenses come, and usage does not.",
            )
        )
    steps.append(
        Step(
            "Fill in the connection",
            "The Application (client) ID and the Directory (tenant) ID stand on the app's overview page. The "
            "app is of one tenant, so the tenant id has to be given.",
        )
    )
    return tuple(steps)
