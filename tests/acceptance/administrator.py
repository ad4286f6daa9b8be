"""An administrator before a beacon that runs: types into its pages, and keeps all that they answer."""

from __future__ import annotations

import base64
import html
import itertools
import re
import time
from typing import TYPE_CHECKING, Any

import requests
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from seatbeacon.simulator.server import Simulator

MAIL = "ada@contoso.example"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


class Administrator:
    """A session at `address`. `told` are the answers, each with what was asked for."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self.password = password
        self.told: list[tuple[str, bytes]] = []
        self._session = requests.Session()
        self._session.trust_env = False

    def get(self, path: str, **headers: str) -> requests.Response:
        """Open a page."""
        answer = self._session.get(self.address + path, headers=headers, timeout=60)
        self._keep(f"GET {path}", answer)
        return answer

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, shown_once: bool = False, **more: Any
    ) -> requests.Response:
        """Send a form. An answer that shows a new secret, this once, is not kept."""
        token = self._session.cookies.get("seatbeacon_csrf") or ""
        form = {"csrfmiddlewaretoken": token, **(data or {})}
        answer = self._session.post(self.address + path, data=form, timeout=60, **more)
        assert answer.status_code < 400, answer.text
        if not shown_once:
            self._keep(f"POST {path}", answer)
        return answer

    def _keep(self, asked: str, answer: requests.Response) -> None:
        # The cookie of the session is what its key is for.
        headers = {name: value for name, value in answer.headers.items() if name.lower() != "set-cookie"}
        self.told.append((asked, f"{headers}\n{answer.url}\n".encode() + answer.content))

    @property
    def session_key(self) -> str:
        """What the browser shows with each request."""
        return str(self._session.cookies["seatbeacon_session"])

    def begin(self, first_link: str) -> None:
        """Make the first account by the link that the first start printed."""
        path = first_link.removeprefix(self.address)
        self._session.get(first_link, timeout=60)
        given = {"name": "Ada", "email": MAIL, "password": self.password, "again": self.password}
        self.post(path, given, shown_once=True)
        self.get("/profile/")
        self.post("/profile/confirm/", {"password": self.password})

    def set_up_authenticator(self) -> str:
        """Set up an authenticator app; its key."""
        page = self._session.get(f"{self.address}/profile/authenticator/", timeout=60).text
        key = re.search(r"\b[A-Z2-7]{32}\b", page)
        assert key, page
        app = TOTP(base64.b32decode(key[0]), 6, SHA1(), 30)  # noqa: S303 - what authenticator apps do
        self.post("/profile/authenticator/", {"code": app.generate(int(time.time())).decode()})
        return key[0]

    def make_token(self, scope: str) -> str:
        """A new API token."""
        ends = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400 * 30))
        form = {"name": "Program", "scope": scope, "ends_on": ends}
        page = self.post("/profile/tokens/new/", form, shown_once=True).text
        found = re.search(r"sbt_[\w-]{30,}", page)
        assert found, page
        return found[0]

    def invite(self, email: str) -> str:
        """Invite somebody; the token of the link."""
        form = {"name": "Grace", "email": email, "role": "viewer"}
        page = self.post("/administration/people/invite/", form, shown_once=True).text
        found = re.search(r"/welcome/([\w-]{30,})", page)
        assert found, page
        return found[1]

    def connect(self, form: Mapping[str, Any], **more: Any) -> None:
        """Save a new connection."""
        answer = self.post("/inventory-systems/new/", form, **more)
        assert answer.url.startswith(f"{self.address}/inventory-systems/"), answer.text

    def generate(self, form: Mapping[str, str], simulator: Simulator) -> str:
        """Generate… by pasting the address that the sign-in ends on; the handle of what it brought."""
        begun = self.post("/inventory-systems/new/authorize/", form).text
        url = re.search(r'data-authorize="([^"]+)"', begun)
        number = re.search(r"/connections/authorize/([^/\"]+)/paste/", begun)
        assert url, begun
        assert number, begun
        address = sign_in(html.unescape(url[1]), simulator)
        filled = self.post(f"/connections/authorize/{number[1]}/paste/", {"address": address}).text
        found = re.search(r'name="authorization"[^>]* value="([^"]+)"', filled)
        assert found, filled
        return html.unescape(found[1])

    def walk(self, paths: Iterable[str], values: Mapping[str, Iterable[str]]) -> int:
        """Open every page of `paths` with every one of the `values` in its place; how many there were."""
        before = len(self.told)
        for path in paths:
            for filled in filled_in(path, values):
                assert self.get(f"/{filled}").status_code < 500, filled
        return len(self.told) - before


def filled_in(path: str, values: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The addresses that a route's `path` stands for."""
    names = _PARAMETER.findall(path)
    for chosen in itertools.product(*(values[name] for name in names)):
        told = iter(chosen)
        yield _PARAMETER.sub(lambda _: next(told), path)  # noqa: B023 - used at once


def sign_in(url: str, simulator: Simulator, account: str = "reports-reader") -> str:
    """Go through the simulated tenant's sign-in pages as a person would; the address it ends on."""
    page = requests.get(url, timeout=20, allow_redirects=False)
    for step in ({"account": account}, {"passwd": "any", "signin": "1"}, {"accept": "1", "consent_all": "1"}):
        if page.status_code in {301, 302, 303}:
            break
        found = re.search(r'name="ctx" value="([^"]+)"', page.text)
        assert found, page.text
        form = {"ctx": html.unescape(found[1]), **step}
        page = requests.post(
            f"{simulator.login_root}/common/login", data=form, timeout=20, allow_redirects=False
        )
    return str(page.headers["Location"])
