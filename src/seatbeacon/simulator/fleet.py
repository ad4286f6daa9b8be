"""Many tenants behind one set of ports, told apart by whose token, path or address a request bears."""

from __future__ import annotations

from dataclasses import replace
from threading import Event, Lock
from typing import TYPE_CHECKING, Self

import msgspec

from seatbeacon.simulator.entra.tokens import unb64
from seatbeacon.simulator.server import Simulator, listeners_at
from seatbeacon.simulator.wire import handler_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from seatbeacon.simulator.faults import Fault
    from seatbeacon.simulator.options import TenantOptions
    from seatbeacon.simulator.reply import Reply, Request


class _Claims(msgspec.Struct):
    tid: str = ""


RECENT = 100
"""So many tenants keep their rendered reports, some thirty open files each; those asked longest ago give them
back."""

_CLAIMS = msgspec.json.Decoder(_Claims)


class Fleet:
    """Running tenants; a context manager. A connection to one of them must know its tenant's id: at the
    shared `common` endpoints the first one answers."""

    def __init__(self, options: Iterable[TenantOptions], *, host: str = "127.0.0.1") -> None:
        self.stopping = Event()
        self._listeners = listeners_at(host, 0)
        self.tenants = [Simulator(each, host=host, listeners=self._listeners) for each in options]
        self._by_id = {simulator.tenant.id: simulator for simulator in self.tenants}
        self._recent: dict[str, Simulator] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Start to serve."""
        for role, listener in self._listeners.items():
            listener.start(handler_for(self, role))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stopping.set()
        for simulator in self.tenants:
            simulator.stop()

    @property
    def violations(self) -> list[str]:
        """What callers did that they must not, of all tenants."""
        return [each for simulator in self.tenants for each in simulator.violations]

    def serve(self, request: Request) -> tuple[Reply, Fault | None]:
        """The reply of the tenant that is meant."""
        simulator, request = self._meant(request)
        with self._lock:
            self._recent.pop(simulator.tenant.id, None)
            self._recent[simulator.tenant.id] = simulator
            oldest = next(iter(self._recent)) if len(self._recent) > RECENT else None
            forgotten = self._recent.pop(oldest) if oldest is not None else None
        if forgotten is not None:
            forgotten.forget_reports()
        return simulator.serve(request)

    def answered(self, request: Request, status: int, size: int, fault: Fault | None) -> None:
        """Note what was sent, with the tenant that is meant."""
        simulator, request = self._meant(request)
        simulator.answered(request, status, size, fault)

    def refuse(self, role: str, seconds: float) -> None:
        """Refuse connections at one of the servers, for all tenants."""
        self._listeners[role].refuse(seconds)

    def _meant(self, request: Request) -> tuple[Simulator, Request]:
        if request.role == "graph":
            tenant_id = _tenant_of(request.headers.get("authorization", ""))
        else:
            tenant_id = request.path.lstrip("/").partition("/")[0]
        simulator = self._by_id.get(tenant_id, self.tenants[0])
        if request.role == "download":
            prefix = f"/{tenant_id}"
            request = replace(
                request, path=request.path.removeprefix(prefix), target=request.target.removeprefix(prefix)
            )
        return simulator, request


def _tenant_of(authorization: str) -> str:
    try:
        return _CLAIMS.decode(unb64(authorization.split(".")[1])).tid
    except (IndexError, ValueError, msgspec.DecodeError):
        return ""
