"""The secrets that a person gave with a form or a command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.connections.certificates import unpack_certificate
from seatbeacon.beacon.connections.facts import Facts, certificate_facts, client_secret_facts
from seatbeacon.beacon.models import SecretField

if TYPE_CHECKING:
    from datetime import date

    from seatbeacon.beacon.authorization.candidates import CandidateToken
    from seatbeacon.graph.secret import Secret


@dataclass(frozen=True, kw_only=True)
class GivenSecrets:
    """Secrets that a person gave; None where none was. `certificate` is what `pack_certificate` returns.

    `authorized` is what Generate… brought, and counts before a `refresh_token` that was handed over.
    `client_secret_expires` is the day the client secret ends; without a client secret, of the stored one.
    """

    refresh_token: Secret | None = None
    client_secret: Secret | None = None
    certificate: Secret | None = None
    proxy_password: Secret | None = None
    authorized: CandidateToken | None = None
    client_secret_expires: date | None = None

    def by_field(self) -> dict[SecretField, Secret]:
        """The secrets that were given."""
        token = self.authorized.token if self.authorized is not None else self.refresh_token
        pairs = {
            SecretField.REFRESH_TOKEN: token,
            SecretField.CLIENT_SECRET: self.client_secret,
            SecretField.CERTIFICATE: self.certificate,
            SecretField.PROXY_PASSWORD: self.proxy_password,
        }
        return {field: secret for field, secret in pairs.items() if secret is not None}

    def facts(self, field: SecretField) -> dict[str, Any]:
        """What may be shown of the secret given for `field`. Raises InvalidCertificate."""
        if field is SecretField.REFRESH_TOKEN:
            now = datetime.now(UTC)
            handed_over = Facts(obtained_at=now, last_used_at=now)
            return (self.authorized.facts if self.authorized is not None else handed_over).to_json()
        if field is SecretField.CLIENT_SECRET:
            return client_secret_facts(self.client_secret_expires)
        if field is SecretField.CERTIFICATE and self.certificate is not None:
            from seatbeacon.graph.oauth import load_certificate  # noqa: PLC0415 - cryptography loads slowly

            return certificate_facts(load_certificate(*unpack_certificate(self.certificate)))
        return {}
