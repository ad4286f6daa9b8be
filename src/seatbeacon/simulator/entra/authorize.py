"""The way through the sign-in pages: authorize, admin consent and device sign-in (`facts/graph.md` §4.2 to
§4.4, §4.7)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

from seatbeacon.simulator.entra import pages
from seatbeacon.simulator.entra.accounts import ACCOUNTS, OPENID_SCOPES, PERMISSIONS, Account
from seatbeacon.simulator.entra.errors import SignInError
from seatbeacon.simulator.entra.token_endpoint import form_of
from seatbeacon.simulator.reply import Reply, Request

if TYPE_CHECKING:
    from seatbeacon.simulator.entra.directory import Directory

STEP_PATH = "/common/login"
DEVICE_PATH = "/common/oauth2/deviceauth"
_CODE_SECONDS = 600


class SignInPages:
    """Serves the pages; each carries all it needs in a sealed field, so nothing is remembered between
    them."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._mint = directory.mint

    def authorize(self, request: Request, tenant: str) -> Reply:
        """The first page of a sign-in, or the way back with an error."""
        asked = dict(request.query) | (form_of(request) if request.method == "POST" else {})
        try:
            context = self._begin(asked, tenant, "code")
        except SignInError as fault:
            return pages.refused(fault.description)
        try:
            context["scopes"] = self._directory.scopes(asked.get("scope"))
            _check_request(asked)
        except SignInError as fault:
            return self._back(context, error=fault.error, error_description=fault.description)
        hint = asked.get("login_hint", "").partition("@")[0]
        if hint in ACCOUNTS and context["prompt"] != "select_account":
            return self._password(context | {"account": hint})
        return self._pick(context)

    def admin_consent(self, request: Request, tenant: str) -> Reply:
        """The page by which an administrator consents for everybody."""
        asked = dict(request.query)
        try:
            context = self._begin(asked, tenant, "admin")
            context |= {
                "scopes": self._directory.scopes(asked.get("scope")),
                "prompt": "consent",
                "mode": "query",
            }
        except SignInError as fault:
            return pages.refused(fault.description)
        return self._pick(context)

    def _begin(self, asked: dict[str, str], tenant: str, flow: str) -> dict[str, Any]:
        if flow == "admin" and tenant == "common":
            raise SignInError(900144, "tenant")
        app = self._directory.registration(asked.get("client_id"), tenant)
        redirect = asked.get("redirect_uri", "")
        if not app.accepts(redirect, self._directory.login_root):
            raise SignInError(50011, redirect, app.client_id)
        return {
            "step": "pick",
            "flow": flow,
            "tenant": tenant,
            "client": app.client_id,
            "redirect_uri": redirect,
            "state": asked.get("state"),
            "challenge": asked.get("code_challenge"),
            "nonce": asked.get("nonce"),
            "prompt": asked.get("prompt", ""),
            "account": None,
            "mode": asked.get("response_mode", "query"),
        }

    def device(self, request: Request) -> Reply:
        """The page where a user code is entered, and what follows."""
        if request.method != "POST":
            return pages.device(DEVICE_PATH)
        typed = form_of(request).get("otc", "").strip().upper()
        for code, entry in self._directory.device_codes.items():
            if entry.user_code == typed and entry.expires > time.time():
                context = {
                    "step": "pick",
                    "flow": "device",
                    "device": code,
                    "tenant": "common",
                    "client": entry.client_id,
                    "redirect_uri": "",
                    "state": None,
                    "scopes": entry.scopes,
                    "prompt": "",
                    "account": None,
                    "mode": "query",
                }
                return self._pick(context)
        return pages.device(DEVICE_PATH, "That code didn't work. Check the code and try again.")

    def step(self, request: Request) -> Reply:
        """What follows when a page's button was pressed."""
        form = form_of(request)
        context = self._mint.unseal("page", form.get("ctx", ""))
        if context is None:
            return pages.refused("AADSTS165900: Invalid request.")
        if "cancel" in form:
            return self._declined(context)
        step: str = context["step"]
        return {
            "pick": self._picked,
            "password": self._after_password,
            "denied": self._denied,
            "consent": self._consent,
        }[step](context, form)

    def _picked(self, context: dict[str, Any], form: dict[str, str]) -> Reply:
        if form.get("account") not in ACCOUNTS:
            return self._pick(context)
        return self._password(context | {"account": form["account"]})

    def _denied(self, context: dict[str, Any], form: dict[str, str]) -> Reply:
        del form
        fault = SignInError(90094)
        return self._back(context, error=fault.error, error_description=fault.description)

    def _seal(self, context: dict[str, Any], step: str) -> str:
        return self._mint.seal("page", context | {"step": step})

    def _pick(self, context: dict[str, Any]) -> Reply:
        domain = self._directory.tenant.domain
        accounts = [
            (key, each.name, each.upn(domain), each.role or "No administrator role")
            for key, each in ACCOUNTS.items()
        ]
        return pages.pick_account(STEP_PATH, self._seal(context, "pick"), accounts)

    def _password(self, context: dict[str, Any]) -> Reply:
        return pages.password(
            STEP_PATH,
            self._seal(context, "password"),
            self._account(context).upn(self._directory.tenant.domain),
        )

    def _after_password(self, context: dict[str, Any], form: dict[str, str]) -> Reply:
        del form
        account = self._account(context)
        wanted = [scope for scope in context["scopes"] if scope in PERMISSIONS]
        missing = set(wanted) - self._directory.consented(context["client"], account)
        app, upn = (
            self._directory.registrations[context["client"]],
            account.upn(self._directory.tenant.domain),
        )
        if not account.may_consent and (
            context["flow"] == "admin" or any(PERMISSIONS[scope][1] for scope in missing)
        ):
            return pages.need_admin(STEP_PATH, self._seal(context, "denied"), upn, app.name)
        if not missing and context["prompt"] != "consent":
            return self._finish(context)
        texts = [PERMISSIONS[scope][0] for scope in wanted]
        if "offline_access" in context["scopes"]:
            texts.append("Maintain access to data you have given it access to")
        for_all = account.may_consent and context["flow"] != "admin"
        return pages.permissions(
            STEP_PATH, self._seal(context, "consent"), upn, app.name, texts, for_all=for_all
        )

    def _consent(self, context: dict[str, Any], form: dict[str, str]) -> Reply:
        granted = {scope for scope in context["scopes"] if scope in PERMISSIONS}
        if "consent_all" in form or context["flow"] == "admin":
            self._directory.organization_consents.setdefault(context["client"], set()).update(granted)
        else:
            key = (context["client"], context["account"])
            self._directory.user_consents.setdefault(key, set()).update(granted)
        return self._finish(context)

    def _finish(self, context: dict[str, Any]) -> Reply:
        if context["flow"] == "admin":
            scope = " ".join(scope for scope in context["scopes"] if scope not in OPENID_SCOPES)
            return self._back(context, admin_consent="True", tenant=self._directory.tenant.id, scope=scope)
        if context["flow"] == "device":
            self._directory.device_codes[context["device"]].account = context["account"]
            return pages.done("You have signed in.")
        content = {
            key: context[key]
            for key in ("tenant", "client", "redirect_uri", "challenge", "nonce", "scopes", "account")
        }
        code = self._mint.seal("code", content | {"id": uuid4().hex, "expires": time.time() + _CODE_SECONDS})
        return self._back(context, code=code, session_state=str(uuid4()))

    def _declined(self, context: dict[str, Any]) -> Reply:
        if context["flow"] == "device":
            self._directory.device_codes[context["device"]].declined = True
            return pages.done("You have declined.")
        fault = SignInError(65004)
        return self._back(
            context, error=fault.error, error_subcode="cancel", error_description=fault.description
        )

    @staticmethod
    def _back(context: dict[str, Any], **answer: str) -> Reply:
        if context["state"] is not None:
            answer["state"] = context["state"]
        target, mark = context["redirect_uri"], "#" if context["mode"] == "fragment" else "?"
        if "://" in target and "/" not in target.partition("://")[2]:
            target += "/"
        return Reply(
            302,
            headers={"Location": f"{target}{'&' if '?' in target else mark}{urlencode(answer)}"},
            content_type="text/html",
        )

    @staticmethod
    def _account(context: dict[str, Any]) -> Account:
        return ACCOUNTS[context["account"]]


def _check_request(asked: dict[str, str]) -> None:
    if asked.get("response_type") != "code":
        raise SignInError(700054)
    if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        raise SignInError(501491)
    if asked.get("prompt") == "none":
        raise SignInError(50058)
