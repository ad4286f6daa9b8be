"""Everything the login host answers."""

from __future__ import annotations

import re

from seatbeacon.simulator.entra import pages
from seatbeacon.simulator.entra.accounts import NATIVE_CLIENT_PATH
from seatbeacon.simulator.entra.authorize import DEVICE_PATH, STEP_PATH, SignInPages
from seatbeacon.simulator.entra.directory import SHARED_TENANTS, Directory
from seatbeacon.simulator.entra.errors import SignInError
from seatbeacon.simulator.entra.token_endpoint import TokenEndpoint
from seatbeacon.simulator.reply import Reply, Request, json_reply

_DISCOVERY = re.compile(r"/([^/]+)/v2\.0/\.well-known/openid-configuration")
_OAUTH = re.compile(r"/([^/]+)/oauth2/v2\.0/(authorize|token|devicecode)")
_ADMIN_CONSENT = re.compile(r"/([^/]+)/v2\.0/adminconsent")
JSON = "application/json; charset=utf-8"


class Entra:
    """The sign-in side of the tenant."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.pages = SignInPages(directory)
        self.tokens = TokenEndpoint(directory)

    def answer(self, request: Request) -> Reply:
        """The reply to any request at the login host."""
        if request.path == NATIVE_CLIENT_PATH:
            return Reply(body=b"", content_type=pages.HTML)
        if request.path == STEP_PATH and request.method == "POST":
            return self.pages.step(request)
        if request.path == DEVICE_PATH:
            return self.pages.device(request)
        return self._by_tenant(request)

    def _by_tenant(self, request: Request) -> Reply:
        if match := _DISCOVERY.fullmatch(request.path):
            return self._discovery(match[1])
        if match := _ADMIN_CONSENT.fullmatch(request.path):
            return self.pages.admin_consent(request, match[1])
        if match := _OAUTH.fullmatch(request.path):
            return self._oauth(request, match[1], match[2])
        return pages.page("Not found", "<p>Nothing is served here.</p>", 404)

    def _oauth(self, request: Request, tenant: str, endpoint: str) -> Reply:
        if endpoint == "authorize":
            return self.pages.authorize(request, tenant)
        if request.method != "POST":
            raise SignInError(900561)
        return (
            self.tokens.answer(request, tenant)
            if endpoint == "token"
            else self.tokens.device_code(request, tenant)
        )

    def _discovery(self, tenant: str) -> Reply:
        known = self.directory.tenant
        if tenant not in (*SHARED_TENANTS, known.id, known.domain, known.initial_domain):
            raise SignInError(90002, tenant)
        root = self.directory.login_root
        issuer = known.id if tenant not in SHARED_TENANTS else "{tenantid}"
        return json_reply(
            {
                "token_endpoint": f"{root}/{tenant}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "private_key_jwt",
                    "client_secret_basic",
                ],
                "jwks_uri": f"{root}/{tenant}/discovery/v2.0/keys",
                "response_modes_supported": ["query", "fragment", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "issuer": f"{root}/{issuer}/v2.0",
                "authorization_endpoint": f"{root}/{tenant}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{root}/{tenant}/oauth2/v2.0/devicecode",
                "http_logout_supported": True,
                "tenant_region_scope": "EU",
                "cloud_instance_name": "microsoftonline.com",
                "msgraph_host": "graph.microsoft.com",
            },
            content_type=JSON,
        )
