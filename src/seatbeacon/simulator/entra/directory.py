"""What the sign-in side remembers: registrations, consents, used codes, device codes and certificates."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from seatbeacon.simulator.entra.accounts import (
    MULTI_TENANT_CLIENT_ID,
    NATIVE_CLIENT,
    OPENID_SCOPES,
    PERMISSIONS,
    Account,
    Registration,
)
from seatbeacon.simulator.entra.errors import SignInError
from seatbeacon.simulator.entra.tokens import Mint, b64
from seatbeacon.simulator.population.dice import guid

if TYPE_CHECKING:
    from seatbeacon.simulator.tenant import Tenant

SHARED_TENANTS = ("common", "organizations", "consumers")


@dataclass
class DeviceCode:
    """One device sign-in on its way."""

    client_id: str
    scopes: tuple[str, ...]
    user_code: str
    expires: float
    account: str | None = None
    declined: bool = False


@dataclass
class Directory:
    """State of the sign-in side; everything else is in the tokens themselves."""

    tenant: Tenant
    mint: Mint
    login_root: str
    graph_root: str
    registrations: dict[str, Registration] = field(default_factory=dict)
    certificates: dict[str, bytes] = field(default_factory=dict)
    """x5t#S256 → DER of a certificate registered for the tenant's own app."""
    organization_consents: dict[str, set[str]] = field(default_factory=dict)
    user_consents: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    used_codes: set[str] = field(default_factory=set)
    device_codes: dict[str, DeviceCode] = field(default_factory=dict)
    refresh_revoked_before: float = 0
    access_revoked_before: float = 0
    assignment_required: bool = False
    """The app's enterprise application demands that users are assigned to it (50105)."""

    def __post_init__(self) -> None:
        """Register the vendor's multi-tenant app and the tenant's own."""
        seed = self.tenant.options.seed
        own = guid(seed, "own-client")
        self.registrations[MULTI_TENANT_CLIENT_ID] = Registration(
            MULTI_TENANT_CLIENT_ID, "Seatbeacon", multi_tenant=True, redirect_uris=(NATIVE_CLIENT,)
        )
        self.registrations[own] = Registration(
            own,
            "Contoso license inventory",
            multi_tenant=False,
            redirect_uris=(NATIVE_CLIENT,),
            secret=f"sim8Q~{sha256(f'secret/{seed}'.encode()).hexdigest()[:34]}",
            secret_id=guid(seed, "secret-id"),
            expired_secret=f"sim7Q~{sha256(f'expired/{seed}'.encode()).hexdigest()[:34]}",
        )
        self.own_client_id = own

    @property
    def own(self) -> Registration:
        """The tenant's own, single-tenant registration."""
        return self.registrations[self.own_client_id]

    def registration(self, client_id: str | None, tenant: str) -> Registration:
        """The app named in a request to the endpoints of `tenant`; SignInError where that cannot be."""
        if tenant not in SHARED_TENANTS and tenant.lower() not in (
            self.tenant.id,
            self.tenant.domain,
            self.tenant.initial_domain,
        ):
            raise SignInError(90002, tenant)
        if not client_id:
            raise SignInError(900144, "client_id")
        found = self.registrations.get(client_id)
        if found is None:
            raise SignInError(700016, client_id)
        if not found.multi_tenant and tenant in SHARED_TENANTS:
            raise SignInError(50194, client_id)
        return found

    def register_certificate(self, der: bytes) -> None:
        """Let the tenant's own app prove itself with this certificate (X.509, DER)."""
        self.certificates[b64(sha256(der).digest())] = der

    def consented(self, client_id: str, account: Account) -> set[str]:
        """The permissions that an account may use through an app."""
        organization = self.organization_consents.get(client_id, set())
        return organization | self.user_consents.get((client_id, account.key), set())

    def scopes(self, text: str | None) -> tuple[str, ...]:
        """The permissions and OpenID scopes of a `scope` parameter, short; SignInError (70011) for any
        other."""
        if not text:
            raise SignInError(900144, "scope")
        found = []
        for scope in text.split():
            short = scope
            for root in (self.graph_root, "https://graph.microsoft.com"):
                short = short.removeprefix(f"{root}/")
            if short not in PERMISSIONS and short not in OPENID_SCOPES and short != ".default":
                raise SignInError(70011, scope)
            found.append(short)
        return tuple(dict.fromkeys(found))
