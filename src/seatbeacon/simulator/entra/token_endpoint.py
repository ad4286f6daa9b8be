"""`/oauth2/v2.0/token` and `/devicecode`: every grant the collector may use (`facts/graph.md` §4.2 to
§4.7)."""

from __future__ import annotations

import hmac
import secrets
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from seatbeacon.simulator.entra.accounts import ACCOUNTS, OPENID_SCOPES, Account, Registration
from seatbeacon.simulator.entra.assertions import check_assertion
from seatbeacon.simulator.entra.directory import SHARED_TENANTS, DeviceCode, Directory
from seatbeacon.simulator.entra.errors import JSON, SignInError
from seatbeacon.simulator.entra.tokens import b64
from seatbeacon.simulator.reply import Reply, Request, json_reply

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_DEVICE_SECONDS = 900


def form_of(request: Request) -> dict[str, str]:
    """The fields of a posted form."""
    return {key: values[0] for key, values in parse_qs(request.body.decode(), keep_blank_values=True).items()}


class TokenEndpoint:
    """Hands out tokens."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._mint = directory.mint

    def answer(self, request: Request, tenant: str) -> Reply:
        """The reply to a token request; SignInError where Entra refuses it."""
        form = form_of(request)
        app = self._directory.registration(form.get("client_id"), tenant)
        grant = form.get("grant_type")
        if grant == "authorization_code":
            return self._code(app, tenant, form)
        if grant == "refresh_token":
            return self._refresh(app, tenant, form)
        if grant == "client_credentials":
            return self._own(app, tenant, form)
        if grant == _DEVICE_GRANT:
            return self._device(app, form)
        raise SignInError(900144, "grant_type") if not grant else SignInError(70003, grant)

    def device_code(self, request: Request, tenant: str) -> Reply:
        """The reply to a device code request."""
        form = form_of(request)
        app = self._directory.registration(form.get("client_id"), tenant)
        code, user_code = (
            secrets.token_urlsafe(32),
            "".join(secrets.choice("BCDFGHJKLMNPQRSTVWXZ23456789") for _ in range(9)),
        )
        scopes = self._directory.scopes(form.get("scope"))
        self._directory.device_codes[code] = DeviceCode(
            app.client_id, scopes, user_code, time.time() + _DEVICE_SECONDS
        )
        uri = f"{self._directory.login_root}/common/oauth2/deviceauth"
        body = {
            "user_code": user_code,
            "device_code": code,
            "verification_uri": uri,
            "expires_in": _DEVICE_SECONDS,
            "interval": 5,
            "message": (
                f"To sign in, use a web browser to open the page {uri} and enter the code "
                f"{user_code} to authenticate."
            ),
        }
        return json_reply(body, content_type=JSON)

    def _prove(
        self, app: Registration, tenant: str, form: Mapping[str, str], *, required: bool = True
    ) -> None:
        secret, assertion = form.get("client_secret"), form.get("client_assertion")
        if not app.confidential:
            if secret or assertion:
                raise SignInError(700025)
            if required:
                raise SignInError(7000218)
        elif secret:
            if app.expired_secret and hmac.compare_digest(secret, app.expired_secret):
                raise SignInError(7000222, app.client_id)
            if not hmac.compare_digest(secret, app.secret or ""):
                raise SignInError(7000215)
        elif assertion:
            check_assertion(assertion, app.client_id, tenant, self._directory)
        else:
            raise SignInError(7000218)

    def _code(self, app: Registration, tenant: str, form: Mapping[str, str]) -> Reply:
        content = self._mint.unseal("code", form.get("code", ""))
        if content is None or content["client"] != app.client_id:
            raise SignInError(70000)
        if content["tenant"] != tenant:
            raise SignInError(700005)
        self._prove(app, tenant, form, required=False)
        if content["id"] in self._directory.used_codes:
            raise SignInError(54005)
        if content["expires"] < time.time():
            raise SignInError(70008)
        if form.get("redirect_uri") != content["redirect_uri"]:
            raise SignInError(50011, form.get("redirect_uri", ""), app.client_id)
        self._check_verifier(content.get("challenge"), form.get("code_verifier", ""))
        self._directory.used_codes.add(content["id"])
        account = ACCOUNTS[content["account"]]
        wanted = self._directory.scopes(form["scope"]) if form.get("scope") else tuple(content["scopes"])
        return self._delegated(
            app,
            account,
            wanted,
            tuple(content["scopes"]),
            nonce=content.get("nonce"),
            claims=form.get("claims"),
        )

    @staticmethod
    def _check_verifier(challenge: str | None, verifier: str) -> None:
        if challenge and not hmac.compare_digest(b64(sha256(verifier.encode()).digest()), challenge):
            raise SignInError(501481)

    def _refresh(self, app: Registration, tenant: str, form: Mapping[str, str]) -> Reply:
        directory = self._directory
        content = self._mint.unseal("refresh", form.get("refresh_token", "").removeprefix("1."))
        if content is None or content["client"] != app.client_id:
            raise SignInError(70000)
        self._prove(app, tenant, form, required=False)
        if content["made"] < directory.refresh_revoked_before:
            raise SignInError(50173)
        if time.time() - content["made"] > directory.tenant.options.refresh_token_days * 86400:
            raise SignInError(700082)
        scopes = tuple(content["scopes"])
        wanted = directory.scopes(form["scope"]) if form.get("scope") else scopes
        return self._delegated(app, ACCOUNTS[content["account"]], wanted, scopes, claims=form.get("claims"))

    def _delegated(
        self,
        app: Registration,
        account: Account,
        wanted: tuple[str, ...],
        granted: tuple[str, ...],
        *,
        nonce: str | None = None,
        claims: str | None = None,
    ) -> Reply:
        if self._directory.assignment_required:
            raise SignInError(50105)
        allowed = {scope for scope in granted if scope not in OPENID_SCOPES} | self._directory.consented(
            app.client_id, account
        )
        if ".default" in wanted:
            permissions = tuple(sorted(allowed - {".default"}))
        else:
            permissions = tuple(scope for scope in wanted if scope not in OPENID_SCOPES)
        if not permissions or not allowed.issuperset(permissions):
            raise SignInError(65001, app.client_id)
        body: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": " ".join(f"{self._directory.graph_root}/{permission}" for permission in permissions),
            "expires_in": self._mint.access_seconds,
            "ext_expires_in": self._mint.access_seconds,
            "access_token": self._mint.access_token(
                app.client_id, permissions, account, answered_claims=claims is not None
            ),
        }
        if "offline_access" in (*wanted, *granted):
            kept = tuple(
                sorted(allowed | {"offline_access"} | {scope for scope in granted if scope in OPENID_SCOPES})
            )
            body["refresh_token"] = self._mint.refresh_token(app.client_id, account, kept)
        if "openid" in wanted or "openid" in granted:
            body["id_token"] = self._mint.id_token(app.client_id, account, nonce)
        return json_reply(body, content_type=JSON, Cache_Control="no-store, no-cache")

    def _own(self, app: Registration, tenant: str, form: Mapping[str, str]) -> Reply:
        if tenant in SHARED_TENANTS:
            raise SignInError(9001023)
        self._prove(app, tenant, form)
        if self._directory.scopes(form.get("scope")) != (".default",):
            raise SignInError(70011, form.get("scope", ""))
        permissions = self._directory.tenant.options.app_permissions
        claims = form.get("claims")
        body = {
            "token_type": "Bearer",
            "expires_in": self._mint.access_seconds,
            "ext_expires_in": self._mint.access_seconds,
            "access_token": self._mint.access_token(
                app.client_id, permissions, None, answered_claims=claims is not None
            ),
        }
        return json_reply(body, content_type=JSON, Cache_Control="no-store, no-cache")

    def _device(self, app: Registration, form: Mapping[str, str]) -> Reply:
        entry = self._directory.device_codes.get(form.get("device_code", ""))
        if entry is None or entry.client_id != app.client_id:
            raise SignInError(70018)
        if entry.expires < time.time():
            raise SignInError(70019)
        if entry.declined:
            raise SignInError(65004, error="authorization_declined")
        if entry.account is None:
            raise SignInError(70016)
        del self._directory.device_codes[form["device_code"]]
        return self._delegated(app, ACCOUNTS[entry.account], entry.scopes, entry.scopes)
