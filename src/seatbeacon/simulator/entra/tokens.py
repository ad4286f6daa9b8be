"""Access, refresh and id tokens: signed with a key that follows from the seed, so that they outlive a
restart."""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

import msgspec

from seatbeacon.simulator.entra.accounts import ACCOUNTS, Account
from seatbeacon.simulator.graph.errors import unauthorized
from seatbeacon.simulator.population.dice import guid

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"


def b64(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def unb64(text: str) -> bytes:
    """The bytes of `b64`; ValueError where it is none."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except Base64Error as error:
        raise ValueError("no base64url") from error


@dataclass(frozen=True, slots=True)
class Access:
    """What the bearer of an access token may do."""

    permissions: frozenset[str]
    account: Account | None
    """None for an app without a user."""
    client_id: str
    answered_claims: bool

    @property
    def lacks_reports_role(self) -> bool:
        """Delegated access also needs the user to hold a role that reads reports (`facts/graph.md` §0.1)."""
        return self.account is not None and not self.account.reads_reports

    @property
    def lacks_directory_role(self) -> bool:
        """Whether the user holds no administrator role."""
        return self.account is not None and self.account.role is None


class Mint:
    """Makes and reads the tokens of one tenant."""

    def __init__(self, seed: int, tenant_id: str, domain: str, access_seconds: int) -> None:
        self.tenant_id, self.domain, self.access_seconds = tenant_id, domain, access_seconds
        self.seed = seed
        self.key = sha256(f"seatbeacon-simulator/{seed}".encode()).digest()

    def seal(self, purpose: str, content: dict[str, Any]) -> str:
        """`content` as an opaque, signed string for one purpose."""
        body = b64(msgspec.json.encode(content))
        return f"{body}.{self._sign(purpose, body)}"

    def unseal(self, purpose: str, text: str) -> dict[str, Any] | None:
        """What `seal` sealed for the same purpose; None for anything else."""
        body, _, signature = text.partition(".")
        if not hmac.compare_digest(signature, self._sign(purpose, body)):
            return None
        content: dict[str, Any] = msgspec.json.decode(unb64(body))
        return content

    def jwt(self, claims: dict[str, Any]) -> str:
        """A token of three parts with the look of Entra's."""
        head = b64(msgspec.json.encode({"typ": "JWT", "alg": "HS256", "kid": "seatbeacon-simulator"}))
        body = b64(msgspec.json.encode(claims))
        return f"{head}.{body}.{self._sign('jwt', f'{head}.{body}')}"

    def access_token(
        self,
        client_id: str,
        permissions: tuple[str, ...],
        account: Account | None,
        *,
        answered_claims: bool = False,
    ) -> str:
        """An access token for Graph, delegated if there is an `account`, else the app's own."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "aud": GRAPH_APP_ID,
            "iss": f"https://sts.windows.net/{self.tenant_id}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.access_seconds,
            "appid": client_id,
            "tid": self.tenant_id,
            "uti": uuid4().hex,
            "ver": "1.0",
        }
        if account is None:
            claims |= {"roles": list(permissions), "idtyp": "app", "oid": guid(self.seed, "app-object")}
        else:
            claims |= {"scp": " ".join(permissions), "idtyp": "user", **self._person(account)}
        if answered_claims:
            claims["xms_answered"] = True
        return self.jwt(claims)

    def id_token(self, client_id: str, account: Account, nonce: str | None) -> str:
        """Who signed in."""
        now = int(time.time())
        claims = {
            "aud": client_id,
            "iss": f"https://login.microsoftonline.com/{self.tenant_id}/v2.0",
            "iat": now,
            "exp": now + 3600,
            "tid": self.tenant_id,
            "ver": "2.0",
            "preferred_username": account.upn(self.domain),
            **self._person(account),
        }
        return self.jwt(claims | ({"nonce": nonce} if nonce else {}))

    def refresh_token(
        self, client_id: str, account: Account, scopes: tuple[str, ...], *, age_days: float = 0
    ) -> str:
        """A refresh token that was made `age_days` ago."""
        made = time.time() - age_days * 86400
        content = {
            "client": client_id,
            "account": account.key,
            "scopes": scopes,
            "made": made,
            "id": uuid4().hex,
        }
        return f"1.{self.seal('refresh', content)}"

    def read_access(self, authorization: str | None, revoked_before: float) -> Access:
        """Who presents the `Authorization` header; RefusedError (401) for none, a false or an old one."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise unauthorized("Access token is empty.")
        signed, _, signature = token.rpartition(".")
        if token.count(".") != 2 or not hmac.compare_digest(signature, self._sign("jwt", signed)):
            raise unauthorized("CompactToken validation failed: the signature is invalid.")
        claims: dict[str, Any] = msgspec.json.decode(unb64(signed.split(".")[1]))
        if claims.get("aud") != GRAPH_APP_ID:
            raise unauthorized("Access token validation failure. Invalid audience.")
        if claims["exp"] <= time.time() or claims["iat"] < revoked_before:
            raise unauthorized()
        account = ACCOUNTS.get(claims.get("acct_key", ""))
        permissions = frozenset(claims["scp"].split() if account else claims.get("roles", ()))
        return Access(permissions, account, claims["appid"], claims.get("xms_answered", False))

    def _person(self, account: Account) -> dict[str, str]:
        return {
            "oid": guid(self.seed, f"account/{account.key}"),
            "name": account.name,
            "upn": account.upn(self.domain),
            "acct_key": account.key,
        }

    def _sign(self, purpose: str, text: str) -> str:
        return b64(hmac.new(self.key, f"{purpose}|{text}".encode(), sha256).digest())
