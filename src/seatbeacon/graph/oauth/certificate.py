"""A client certificate with its key, and the assertion it signs."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12

from seatbeacon.graph.errors import InvalidCertificate
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIFETIME = 600  # seconds; Microsoft Entra: certificate-credentials recommends 5 to 10 minutes


class ClientCertificate:
    """A certificate and its RSA key. Shows subject, thumbprint and validity; never the key."""

    __slots__ = ("_certificate", "_key")

    def __init__(self, certificate: x509.Certificate, key: RSAPrivateKey) -> None:
        self._certificate = certificate
        self._key = key

    @property
    def subject(self) -> str:
        """Whose certificate it says it is (RFC 4514)."""
        return self._certificate.subject.rfc4514_string()

    @property
    def thumbprint(self) -> str:
        """SHA-256 of the certificate, upper-case hexadecimal, as the Entra admin center shows it."""
        return self._digest().hex().upper()

    @property
    def x5t_s256(self) -> str:
        """SHA-256 of the certificate as the header `x5t#S256` wants it: base64url without padding."""
        return base64.urlsafe_b64encode(self._digest()).rstrip(b"=").decode()

    @property
    def not_before(self) -> datetime:
        """From when it is valid (UTC)."""
        return self._certificate.not_valid_before_utc

    @property
    def not_after(self) -> datetime:
        """Until when it is valid (UTC)."""
        return self._certificate.not_valid_after_utc

    def __repr__(self) -> str:
        """Subject and thumbprint."""
        return f"ClientCertificate({self.subject!r}, {self.thumbprint})"

    def assertion(self, *, client_id: str, audience: str, now: datetime) -> Secret:
        """A signed assertion that we are `client_id`, for the token endpoint `audience`.

        PS256 with `x5t#S256` (Microsoft Entra: certificate-credentials). `now` is aware; InvalidCertificate
        where the certificate is not valid then.
        """
        if now >= self.not_after:
            raise InvalidCertificate(
                f"The certificate {self.subject} expired on {self.not_after:%Y-%m-%d}",
                remedy="Make a new certificate, upload it to the app registration, and enter it here.",
            )
        from authlib.oauth2.rfc7523 import private_key_jwt_sign  # noqa: PLC0415 - slow to load
        from joserfc.jwk import RSAKey  # noqa: PLC0415 - slow to load

        issued = int(now.timestamp())
        pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signed: str = private_key_jwt_sign(
            RSAKey.import_key(pem),
            client_id,
            audience,
            alg="PS256",
            claims={"nbf": issued},
            header={"typ": "JWT", "x5t#S256": self.x5t_s256},
            issued_at=issued,
            expires_at=issued + _ASSERTION_LIFETIME,
        )
        return Secret(signed)

    def _digest(self) -> bytes:
        return hashlib.sha256(self._certificate.public_bytes(serialization.Encoding.DER)).digest()


def load_certificate(data: bytes, passphrase: Secret | None = None) -> ClientCertificate:
    """A certificate with its key from the bytes of a PFX (PKCS #12) or a PEM file.

    A PEM file holds the certificate and the key, in any order; further certificates are its chain.
    InvalidCertificate says what is wrong: the passphrase, a missing part, a key of another certificate, or a
    key that is not RSA.
    """
    password = passphrase.reveal().encode() if passphrase else None
    key, certificates = _read_pem(data, password) if b"-----BEGIN" in data else _read_pfx(data, password)
    if key is None:
        raise InvalidCertificate("The file holds no private key")
    if not certificates:
        raise InvalidCertificate("The file holds no certificate")
    if not isinstance(key, RSAPrivateKey):
        raise InvalidCertificate("The key is not an RSA key, which Microsoft Entra ID needs")
    public = key.public_key()
    certificate = next((one for one in certificates if one.public_key() == public), None)
    if certificate is None:
        raise InvalidCertificate("The private key belongs to another certificate than the one in the file")
    return ClientCertificate(certificate, key)


def _read_pem(data: bytes, password: bytes | None) -> tuple[object, Sequence[x509.Certificate]]:
    try:
        certificates = x509.load_pem_x509_certificates(data) if b"BEGIN CERTIFICATE" in data else []
    except ValueError:
        raise InvalidCertificate("The certificate in the PEM file cannot be read") from None
    if b"PRIVATE KEY-----" not in data:
        return None, certificates
    start = data.index(b"-----BEGIN", max(data.rfind(b"\n", 0, data.index(b"PRIVATE KEY-----")), 0))
    encrypted = b"ENCRYPTED" in data
    if encrypted and password is None:
        raise InvalidCertificate("The key is encrypted", remedy="Give its passphrase too.")
    try:
        key = serialization.load_pem_private_key(data[start:], password if encrypted else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidCertificate(
            "The passphrase is wrong, or the key in the PEM file cannot be read"
        ) from None
    return key, certificates


def _read_pfx(data: bytes, password: bytes | None) -> tuple[object, Sequence[x509.Certificate]]:
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, password)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InvalidCertificate(
            "The passphrase is wrong, or the file is neither PFX nor PEM"
            if password
            else "The file needs a passphrase, or is neither PFX nor PEM"
        ) from None
    return key, [one for one in (certificate, *others) if one is not None]
