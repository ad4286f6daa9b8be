"""What may be shown of a connection's secrets: who signed in, for which tenant, and until when each lives."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.models import Connection, Method, SecretField, StoredSecret

if TYPE_CHECKING:
    from seatbeacon.graph.oauth import ClientCertificate, TokenSet

LIFE = timedelta(days=90)
"""How long a refresh token lives unused (`facts/graph.md` §4.5)."""

GIVEN = "given"
"""How a refresh token came that nobody generated here: somebody handed it over."""

_OPENID = frozenset({"openid", "profile", "email", "offline_access"})


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Of a refresh token. `scopes` are permissions by short name; None and empty where nobody told."""

    method: str = GIVEN
    username: str | None = None
    display_name: str | None = None
    object_id: str | None = None
    tenant_id: str | None = None
    scopes: tuple[str, ...] = ()
    obtained_at: datetime
    last_used_at: datetime

    @property
    def dies_on(self) -> date:
        """The day on which Microsoft lets it die if nothing uses it before."""
        return (self.last_used_at + LIFE).date()

    @property
    def who(self) -> str | None:
        """Name and account of whoever signed in."""
        if self.username and self.display_name:
            return f"{self.display_name} ({self.username})"
        return self.username or self.display_name

    def used(self, tokens: TokenSet) -> Facts:
        """The facts once the token was redeemed for `tokens`, now."""
        found = facts_of(tokens, self.method)
        return replace(
            self,
            username=found.username or self.username,
            display_name=found.display_name or self.display_name,
            object_id=found.object_id or self.object_id,
            tenant_id=found.tenant_id or self.tenant_id,
            scopes=found.scopes or self.scopes,
            last_used_at=found.last_used_at,
        )

    def to_json(self) -> dict[str, Any]:
        """As `from_json` takes it."""
        times = {"obtained_at": self.obtained_at.isoformat(), "last_used_at": self.last_used_at.isoformat()}
        return asdict(self) | {"scopes": list(self.scopes)} | times

    @classmethod
    def from_json(cls, stored: dict[str, Any], since: datetime) -> Facts:
        """What `to_json` returned. Of a token stored without facts: that it has been there `since`."""
        if "obtained_at" not in stored:
            return cls(obtained_at=since, last_used_at=since)
        return cls(
            method=stored["method"],
            username=stored["username"],
            display_name=stored["display_name"],
            object_id=stored["object_id"],
            tenant_id=stored["tenant_id"],
            scopes=tuple(stored["scopes"]),
            obtained_at=datetime.fromisoformat(stored["obtained_at"]),
            last_used_at=datetime.fromisoformat(stored["last_used_at"]),
        )


@dataclass(frozen=True, kw_only=True)
class CredentialFacts:
    """Of a client secret or certificate. The end of a secret is what a person typed: no token tells it."""

    client_secret_expires: date | None = None
    certificate_subject: str | None = None
    certificate_thumbprint: str | None = None
    certificate_not_after: datetime | None = None


def facts_of(tokens: TokenSet, method: Method | str) -> Facts:
    """The facts of a refresh token that came with `tokens`, just now."""
    claims, now = tokens.id_claims, datetime.now(UTC)
    return Facts(
        method=str(method),
        username=claims.preferred_username,
        display_name=claims.name,
        object_id=claims.oid,
        tenant_id=claims.tid.lower() if claims.tid else None,
        scopes=short_scopes(tokens.scope),
        obtained_at=now,
        last_used_at=now,
    )


def short_scopes(text: str) -> tuple[str, ...]:
    """The permissions among granted scopes: `https://graph.microsoft.com/Directory.Read.All` is
    `Directory.Read.All`."""
    names = (scope.rpartition("/")[2] for scope in text.split())
    return tuple(dict.fromkeys(name for name in names if name and name not in _OPENID))


def authorized_facts(connection: Connection) -> Facts | None:
    """What was authorized: the facts beside the connection's refresh token, or None without one."""
    row = StoredSecret.objects.filter(connection=connection, field=SecretField.REFRESH_TOKEN).first()
    return None if row is None else Facts.from_json(row.facts, row.stored_at)


def credential_facts(connection: Connection) -> CredentialFacts:
    """The facts beside the connection's client secret and certificate."""
    fields = (SecretField.CLIENT_SECRET, SecretField.CERTIFICATE)
    rows = StoredSecret.objects.filter(connection=connection, field__in=fields)
    return read_credential_facts({row.field: row.facts for row in rows})


def read_credential_facts(facts: dict[str, dict[str, Any]]) -> CredentialFacts:
    """As `credential_facts`, from the stored facts by field."""
    secret = facts.get(SecretField.CLIENT_SECRET, {})
    certificate = facts.get(SecretField.CERTIFICATE, {})
    ends, until = secret.get("expires"), certificate.get("not_after")
    return CredentialFacts(
        client_secret_expires=date.fromisoformat(ends) if ends else None,
        certificate_subject=certificate.get("subject"),
        certificate_thumbprint=certificate.get("thumbprint"),
        certificate_not_after=datetime.fromisoformat(until) if until else None,
    )


def client_secret_facts(expires: date | None) -> dict[str, Any]:
    """What stands beside a client secret."""
    return {"expires": expires.isoformat()} if expires else {}


def certificate_facts(certificate: ClientCertificate) -> dict[str, Any]:
    """What stands beside a certificate."""
    return {
        "subject": certificate.subject,
        "thumbprint": certificate.thumbprint,
        "not_after": certificate.not_after.isoformat(),
    }
