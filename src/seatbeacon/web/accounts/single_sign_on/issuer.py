"""The issuer: its discovery document and answers, held to OpenID Connect before anything believes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.urls import reverse

from seatbeacon.web.addresses import address_of

if TYPE_CHECKING:
    from django.http import HttpRequest

WELL_KNOWN = "/.well-known/openid-configuration"
LONGEST_SUBJECT = 191  # what allauth's table holds
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class IssuerFault(OAuth2Error):  # type: ignore[misc] # noqa: N818 - allauth has no type stubs; named for what happened
    """The issuer's answer cannot be believed. `problem` is what is wrong, `remedy` what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


class Issuer(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # allauth has no type stubs
    """allauth's client of an issuer, with the checks that it leaves out."""

    checked: dict[str, Any] | None = None

    @property
    def openid_config(self) -> dict[str, Any]:
        """The discovery document. Raises IssuerFault where it is of another issuer (OpenID Connect Discovery
        1.0 §4.3) or lacks an endpoint, and requests' errors where it cannot be read."""
        if self.checked is None:
            self.checked = _checked(super().openid_config, self.get_provider().app.settings["server_url"])
        return self.checked

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:  # noqa: ARG002 - allauth's signature
        """Where the issuer sends people back to: below SEATBEACON_BASE_URL, or the address they came by."""
        return address_of(request, reverse("openid_connect_callback", args=[self.provider_id]))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **options: Any) -> Any:
        """Who signed in. Raises IssuerFault without an id token, or with user information of somebody else
        (OpenID Connect Core 1.0 §5.3.2)."""
        sealed = options["response"].get("id_token")
        if not isinstance(sealed, str):
            raise IssuerFault("The issuer sent no id token.", "It must allow the scope openid.")
        claims = self._decode_id_token(app, sealed)
        told = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else claims
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise IssuerFault("The issuer does not say who signed in.", "Its id token must hold a sub.")
        if not isinstance(told, dict) or told.get("sub") != subject:
            problem = "The issuer's user information is of somebody else than its id token."
            raise IssuerFault(problem, "Begin again; if it stays, tell the issuer's administrator.")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": told, "id_token": claims})


def _checked(answer: Any, server: str) -> dict[str, Any]:
    wanted = server.removesuffix(WELL_KNOWN).rstrip("/")
    config: dict[str, Any] = answer if isinstance(answer, dict) else {}
    missing = [name for name in ("issuer", *ENDPOINTS) if not isinstance(config.get(name), str)]
    if missing:
        problem = f"{wanted}{WELL_KNOWN} is no discovery document: it lacks {', '.join(missing)}."
        raise IssuerFault(problem, "Set SEATBEACON_OIDC_SERVER to the issuer's address.")
    if config["issuer"].rstrip("/") != wanted:
        problem = f"{wanted} says that it is the issuer {config['issuer'][:200]}."
        raise IssuerFault(problem, "Set SEATBEACON_OIDC_SERVER to exactly the issuer's own address.")
    return config
