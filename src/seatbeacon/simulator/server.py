"""The simulated tenant as three servers: sign-in, Graph, and the host that report downloads come from."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from threading import Event
from typing import TYPE_CHECKING, Self
from uuid import uuid4

import msgspec

from seatbeacon.simulator.control import Control
from seatbeacon.simulator.entra.accounts import ACCOUNTS, MULTI_TENANT_CLIENT_ID, PERMISSIONS
from seatbeacon.simulator.entra.directory import Directory
from seatbeacon.simulator.entra.errors import SignInError
from seatbeacon.simulator.entra.router import Entra
from seatbeacon.simulator.entra.tokens import Mint
from seatbeacon.simulator.faults import Fault, FaultPlan
from seatbeacon.simulator.graph.errors import RefusedError
from seatbeacon.simulator.graph.paging import Pager
from seatbeacon.simulator.graph.router import Graph
from seatbeacon.simulator.journal import Journal
from seatbeacon.simulator.listener import Listener
from seatbeacon.simulator.misbehave import body_of, changed, due, instead
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.reply import Reply, Request, json_reply, request_of
from seatbeacon.simulator.reports.service import Reports
from seatbeacon.simulator.spill import Spill
from seatbeacon.simulator.state import State
from seatbeacon.simulator.tenant import Tenant
from seatbeacon.simulator.wire import handler_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

ROLES = ("login", "graph", "download")
DEFAULT_SCOPES = ("Directory.Read.All", "Reports.Read.All", "offline_access", "openid", "profile")


class _Linked(msgspec.Struct):
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")


_LINKS = msgspec.json.Decoder(_Linked)


def listeners_at(host: str, port: int) -> dict[str, Listener]:
    """A listener for each role, at `port` and the two that follow, or for 0 at any free ones. Raises
    OSError."""
    made: dict[str, Listener] = {}
    try:
        for number, role in enumerate(ROLES):
            made[role] = Listener(host, port + number if port else 0)
    except OSError:
        for listener in made.values():
            listener.stop()
        raise
    return made


class Simulator:
    """A running tenant; a context manager.

    With `port` P: login at P, Graph at P+1, downloads at P+2; with 0 at any free ports. With `listeners` it
    shares those of a fleet, which starts and stops them.

    >>> with Simulator(TenantOptions(users=200)) as simulator:  # doctest: +SKIP
    ...     simulator.issue_refresh_token()
    """

    def __init__(
        self,
        options: TenantOptions | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        latency_ms: float = 0,
        faults: Sequence[Fault] = (),
        listeners: Mapping[str, Listener] | None = None,
    ) -> None:
        self.options = options or TenantOptions()
        self.tenant = Tenant(self.options)
        self.state = State(self.tenant, self.options.day, self.options.concealed)
        self.latency_ms = latency_ms
        self.journal = Journal()
        self.faults = FaultPlan()
        self.faults.add(*faults)
        self.stopping = Event()
        self._host = host
        self._listeners = dict(listeners) if listeners else listeners_at(host, port)
        self.login_root, self.graph_root, self.download_root = (self._root(role) for role in ROLES)
        if listeners:
            # The addresses of reports are all alike but for this.
            self.download_root += f"/{self.tenant.id}"
        self.mint = Mint(
            self.options.seed, self.tenant.id, self.tenant.domain, self.options.access_token_seconds
        )
        self.directory = Directory(self.tenant, self.mint, self.login_root, self.graph_root)
        self._spill = Spill()
        self._pager = pager = Pager(
            self.graph_root,
            self.mint.key,
            self._spill,
            self.journal,
            cap=self.options.page_size_cap,
            token_seconds=self.options.page_token_seconds,
        )
        self._reports = Reports(self.state, self.download_root, self.mint.key)
        self._graph = Graph(self.state, pager, self._reports, self.graph_root)
        self._entra = Entra(self.directory)
        self._control = Control(self)

    multi_tenant_client_id = MULTI_TENANT_CLIENT_ID

    @property
    def own_client_id(self) -> str:
        """The client id of the tenant's own, single-tenant app."""
        return self.directory.own_client_id

    @property
    def client_secret(self) -> str:
        """The secret of the tenant's own app."""
        return self.directory.own.secret or ""

    @property
    def token_endpoint(self) -> str:
        """The token endpoint for any tenant; put the tenant id in place of `common` for the tenant's own
        app."""
        return f"{self.login_root}/common/oauth2/v2.0/token"

    @property
    def tenant_token_endpoint(self) -> str:
        """The token endpoint of this tenant."""
        return f"{self.login_root}/{self.tenant.id}/oauth2/v2.0/token"

    @property
    def authorization_endpoint(self) -> str:
        """The authorization endpoint for any tenant."""
        return f"{self.login_root}/common/oauth2/v2.0/authorize"

    @property
    def redirect_uri(self) -> str:
        """The blank page at the login host that a code may be sent to."""
        return f"{self.login_root}/common/oauth2/nativeclient"

    @property
    def violations(self) -> list[str]:
        """What callers did that they must not, in order."""
        return self.journal.violations

    def __enter__(self) -> Self:
        """Start to serve."""
        for role, listener in self._listeners.items():
            listener.start(handler_for(self, role))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def stop(self) -> None:
        """End all connections, and close the servers."""
        self.stopping.set()
        for listener in self._listeners.values():
            listener.stop()
        self._reports.close()
        self._pager.close()
        self._spill.close()

    def issue_refresh_token(
        self,
        account: str = "reports-reader",
        client_id: str = MULTI_TENANT_CLIENT_ID,
        scopes: Sequence[str] = DEFAULT_SCOPES,
        *,
        age_days: float = 0,
    ) -> str:
        """A refresh token as if the sign-in pages had been walked by `account` (a key of ACCOUNTS),
        `age_days` ago."""
        return self.mint.refresh_token(client_id, ACCOUNTS[account], tuple(scopes), age_days=age_days)

    def issue_access_token(
        self,
        account: str | None = "reports-reader",
        permissions: Sequence[str] = ("Directory.Read.All", "Reports.Read.All"),
    ) -> str:
        """An access token, delegated for `account` or (None) for the tenant's own app."""
        client_id = self.own_client_id if account is None else MULTI_TENANT_CLIENT_ID
        return self.mint.access_token(
            client_id, tuple(permissions), None if account is None else ACCOUNTS[account]
        )

    def register_certificate(self, der: bytes) -> None:
        """Let the tenant's own app prove itself with this certificate (X.509, DER)."""
        self.directory.register_certificate(der)

    def set_day(self, day: int) -> None:
        """Let it be day N: joiners, leavers and changes since day 0 have happened."""
        if day < 0:
            raise ValueError(f"day counts from 0, so it cannot be {day}")
        self.state.day = day

    def set_concealed(self, concealed: bool) -> None:  # noqa: FBT001 - what it sets is its name
        """Show hashes instead of names in usage reports, or names again."""
        self.state.concealed = concealed

    def forget_reports(self) -> None:
        """Give back the files of rendered reports; they are rendered anew when they are asked for."""
        self._reports.close()

    def warm(self, paths: Sequence[str] = ()) -> None:
        """Count the directory and render the reports now rather than when they are first asked for.

        `paths` are listings to be read through as well, e.g. `/v1.0/users?$select=id&$top=999`: what a
        collector
        will ask for, so that no row has to be made while its speed is measured.
        """
        self.tenant.consumed(self.state.day)
        self._reports.warm()
        everything = self.mint.read_access(f"Bearer {self.issue_access_token(None, tuple(PERMISSIONS))}", 0)
        for path in paths:
            target: str | None = path
            while target:
                request = request_of("graph", "GET", target, {"consistencylevel": "eventual"})
                reply = self._graph.answer(request, everything)
                link = _LINKS.decode(body_of(reply)).next_link
                target = link.removeprefix(self.graph_root) if link else None

    def serve(self, request: Request) -> tuple[Reply, Fault | None]:
        """The reply to one request, and the fault that its connection shall play out."""
        if request.role == "login" and request.path.startswith("/_simulator"):
            return self._control.answer(request), None
        self.journal.arrived(request)
        if self.latency_ms:
            self.stopping.wait(self.latency_ms / 1000)
        fault = self.faults.take(request)
        try:
            reply = self._answer(request, fault)
        except SignInError as refused:
            reply = refused.reply()
        except RefusedError as refused:
            reply = self._refusal(refused, request)
        if (told := reply.headers.get("Retry-After")) is not None:
            self.journal.wait_until(request, due(told))
        if request.role == "graph":
            reply.headers.setdefault("request-id", str(uuid4()))
            reply.headers.setdefault(
                "client-request-id", request.headers.get("client-request-id", reply.headers["request-id"])
            )
            reply.headers.setdefault("OData-Version", "4.0")
            reply.headers.setdefault("Cache-Control", "no-cache")
        return reply, fault

    def answered(self, request: Request, status: int, size: int, fault: Fault | None) -> None:
        """Note what was sent."""
        if not request.path.startswith("/_simulator"):
            self.journal.answered(request, status, size, fault.kind if fault else None)

    def refuse(self, role: str, seconds: float) -> None:
        """Refuse connections at one of the servers for so many seconds."""
        self._listeners[role].refuse(seconds)

    def _answer(self, request: Request, fault: Fault | None) -> Reply:
        if fault is not None:
            other = instead(fault)
            if isinstance(other, Exception):
                raise other
            if other is not None:
                return other
        if request.role == "login":
            reply = self._entra.answer(request)
        elif request.role == "download":
            reply = self._reports.download(request)
        elif request.method != "GET":
            raise RefusedError(
                405,
                "Request_BadRequest",
                f"Specified HTTP method '{request.method}' is not allowed here: this tenant is read only.",
            )
        else:
            access = self.mint.read_access(
                request.headers.get("authorization"), self.directory.access_revoked_before
            )
            reply = self._graph.answer(request, access)
        return changed(fault, reply, request.target, self.graph_root, self.download_root) if fault else reply

    @staticmethod
    def _refusal(refused: RefusedError, request: Request) -> Reply:
        request_id = str(uuid4())
        inner = {
            "date": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}",
            "request-id": request_id,
            "client-request-id": request.headers.get("client-request-id", request_id),
        }
        body = {"error": {"code": refused.code, "message": refused.message, "innerError": inner}}
        reply = json_reply(body, refused.status, "application/json")
        reply.headers |= {**refused.headers, "request-id": request_id}
        return reply

    def _root(self, role: str) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        with contextlib.suppress(KeyError):
            host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}[self._host]  # noqa: S104 - an address to compare with, none to bind
        return f"http://{host}:{self._listeners[role].port}"
