"""Driving a simulator that runs in another process: `/_simulator/…` at the login host."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.simulator.faults import parse_fault
from seatbeacon.simulator.reply import Reply, Request, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.simulator.server import Simulator


class Control:
    """GET tells, POST (a JSON body) changes; every POST answers with the state."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._reads: dict[str, Callable[[Request], object]] = {
            "": lambda _: self.state(),
            "state": lambda _: self.state(),
            "requests": self._requests,
            "violations": lambda _: self._simulator.violations,
            "truth": self._truth,
            "refresh-token": self._refresh_token,
        }
        self._writes: dict[str, Callable[[dict[str, Any]], object]] = {
            "day": lambda body: self._simulator.set_day(int(body["day"])),
            "concealed": lambda body: self._simulator.set_concealed(bool(body["concealed"])),
            "latency": lambda body: setattr(self._simulator, "latency_ms", float(body["latency_ms"])),
            "faults": self._faults,
            "revoke": self._revoke,
            "clear": lambda _: self._simulator.journal.clear(),
            "warm": lambda body: self._simulator.warm(body.get("paths", ())),
            "certificate": lambda body: self._simulator.register_certificate(bytes.fromhex(body["der"])),
        }

    def answer(self, request: Request) -> Reply:
        """The reply to a control request; 404 for a name that is none, 400 for a body that does not fit."""
        name = request.path.removeprefix("/_simulator").strip("/")
        try:
            if request.method == "GET" and name in self._reads:
                return json_reply(self._reads[name](request), content_type="application/json")
            if request.method == "POST" and name in self._writes:
                self._writes[name](msgspec.json.decode(request.body or b"{}"))
                return json_reply(self.state(), content_type="application/json")
        except (KeyError, TypeError, ValueError, msgspec.DecodeError) as error:
            return json_reply({"problem": f"{type(error).__name__}: {error}"}, 400, "application/json")
        return json_reply(
            {"problem": f"there is {', '.join(self._reads)} to GET and {', '.join(self._writes)} to POST"},
            404,
            "application/json",
        )

    def state(self) -> dict[str, object]:
        """The simulator's endpoints, its moment, and what has been asked of it so far."""
        simulator = self._simulator
        return {
            "tenant_id": simulator.tenant.id,
            "login_root": simulator.login_root,
            "graph_root": simulator.graph_root,
            "download_root": simulator.download_root,
            "token_endpoint": simulator.token_endpoint,
            "authorization_endpoint": simulator.authorization_endpoint,
            "redirect_uri": simulator.redirect_uri,
            "multi_tenant_client_id": simulator.multi_tenant_client_id,
            "own_client_id": simulator.own_client_id,
            "users": simulator.options.users,
            "day": simulator.state.day,
            "today": simulator.tenant.today(simulator.state.day),
            "concealed": simulator.state.concealed,
            "latency_ms": simulator.latency_ms,
            "requests": simulator.journal.requests,
            "counts": simulator.journal.counts(),
            "violations": list(simulator.violations),
            "faults": simulator.faults.describe(),
            "faults_shown": simulator.faults.shown(),
        }

    def _requests(self, request: Request) -> object:
        most = int(request.parameter("last") or 1000)
        return [asdict(entry) for entry in self._simulator.journal.entries[-most:]]

    def _truth(self, request: Request) -> object:
        from seatbeacon.simulator.truth import truth  # noqa: PLC0415 - costly, and asked for by tests alone

        day = request.parameter("day")
        return asdict(truth(self._simulator.tenant, int(day) if day else self._simulator.state.day))

    def _refresh_token(self, request: Request) -> object:
        account = request.parameter("account") or "reports-reader"
        return {"refresh_token": self._simulator.issue_refresh_token(account)}

    def _faults(self, body: dict[str, Any]) -> None:
        faults = [parse_fault(text) for text in body["faults"]]
        if body.get("add"):
            self._simulator.faults.add(*faults)
        else:
            self._simulator.faults.set(faults)

    def _revoke(self, body: dict[str, Any]) -> None:
        now = time.time()
        if body.get("refresh_tokens"):
            self._simulator.directory.refresh_revoked_before = now
        if body.get("access_tokens"):
            self._simulator.directory.access_revoked_before = int(now) + 1
