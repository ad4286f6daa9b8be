"""Client assertions: a JWT signed PS256 by the key of a registered certificate (`facts/graph.md` §4.6)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.simulator.entra.errors import SignInError
from seatbeacon.simulator.entra.tokens import unb64

if TYPE_CHECKING:
    from seatbeacon.simulator.entra.directory import Directory

_CLOCK_SKEW = 300


def check_assertion(assertion: str, client_id: str, tenant: str, directory: Directory) -> None:
    """Accept a valid assertion; SignInError (700027, 50012) for any other."""
    try:
        head_text, body_text, signature_text = assertion.split(".")
        head: dict[str, Any] = msgspec.json.decode(unb64(head_text))
        body: dict[str, Any] = msgspec.json.decode(unb64(body_text))
        signature = unb64(signature_text)
    except (ValueError, msgspec.DecodeError) as error:
        raise SignInError(50012) from error
    der = directory.certificates.get(head.get("x5t#S256", ""))
    if der is None or head.get("alg") != "PS256":
        raise SignInError(700027)
    _verify(der, f"{head_text}.{body_text}".encode(), signature)
    now = time.time()
    audiences = {f"{directory.login_root}/{name}/oauth2/v2.0/token" for name in (tenant, directory.tenant.id)}
    fresh = body.get("nbf", 0) - _CLOCK_SKEW <= now < body.get("exp", 0) + _CLOCK_SKEW
    if not fresh or body.get("aud") not in audiences or not body.get("jti"):
        raise SignInError(50012)
    if body.get("iss") != client_id or body.get("sub") != client_id:
        raise SignInError(700027)


def _verify(der: bytes, signed: bytes, signature: bytes) -> None:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow to load, needed by this grant alone
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415

    key = load_der_x509_certificate(der).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise SignInError(700027)
    try:
        key.verify(signature, signed, padding.PSS(padding.MGF1(SHA256()), SHA256.digest_size), SHA256())
    except InvalidSignature as error:
        raise SignInError(700027) from error
