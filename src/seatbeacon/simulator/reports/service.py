"""Reports over HTTP: a redirect to a pre-authenticated address on another host, or (Copilot) the file at
once."""

from __future__ import annotations

import hmac
import re
import time
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING

from seatbeacon.simulator.graph.errors import RefusedError, bad_request
from seatbeacon.simulator.reply import Reply, Request, StoredBody
from seatbeacon.simulator.reports.columns import HEADERS
from seatbeacon.simulator.reports.render import COPILOT, STANDARD, Job, has_period, render

if TYPE_CHECKING:
    from seatbeacon.simulator.state import State

_PERIOD = re.compile(r"period='(D7|D30|D90|D180|ALL)'")
_DOWNLOAD = re.compile(r"/data/download/(get\w+)-(\d+)-(\d+)-([01])-(\d+)-([0-9a-f]{24})")


class Reports:
    """Renders reports when they are first asked for, and keeps them by report, period, day and
    concealment."""

    def __init__(self, state: State, download_root: str, key: bytes) -> None:
        self._state, self._root, self._key = state, download_root, key
        self._kept: dict[tuple[Job, int, bool], StoredBody] = {}
        self._lock = RLock()

    def answer(self, request: Request, function: str, arguments: str | None) -> Reply:
        """The answer of Graph itself to a report request."""
        copilot = function.startswith("copilot/reports/")
        name = function.rpartition("/")[2]
        if name not in HEADERS or copilot != (name == COPILOT):
            raise bad_request(f"Resource not found for the segment '{name}'.", "BadRequest")
        job = Job(name, self._period(name, arguments))
        if any(key.removeprefix("$") != "format" for key, _ in request.query):
            raise bad_request("Query options are not allowed on this report.", "BadRequest")
        day, concealed = self._state.day, self._state.concealed
        if copilot:
            return self._file(job, day, concealed=concealed)
        expires = int(time.time()) + self._state.tenant.options.download_seconds
        ticket = f"{name}-{job.period}-{day}-{int(concealed)}-{expires}"
        location = f"{self._root}/data/download/{ticket}-{self._sign(ticket)}"
        return Reply(302, headers={"Location": location}, content_type="text/plain")

    def download(self, request: Request) -> Reply:
        """The answer of the download host; RefusedError (403) for an address that was altered or is too
        old."""
        match = _DOWNLOAD.fullmatch(request.path)
        if match is None:
            raise RefusedError(404, "itemNotFound", "The resource could not be found.")
        name, period, day, concealed, expires, signature = match.groups()
        ticket = f"{name}-{period}-{day}-{concealed}-{expires}"
        if not hmac.compare_digest(signature, self._sign(ticket)) or int(expires) < time.time():
            raise RefusedError(403, "accessDenied", "The pre-authenticated address is not valid any more.")
        return self._file(Job(name, int(period)), int(day), concealed=concealed == "1")

    def warm(self) -> None:
        """Render what a full collection reads."""
        self._file(STANDARD[0], self._state.day, concealed=self._state.concealed)

    def close(self) -> None:
        """Give the files back."""
        with self._lock:
            for body in self._kept.values():
                body.open().close()
            self._kept.clear()

    def _period(self, name: str, arguments: str | None) -> int:
        if not has_period(name):
            if arguments:
                raise bad_request(f"The function '{name}' takes no parameter.", "BadRequest")
            return 0
        match = _PERIOD.fullmatch(arguments or "")
        if match is None or (match[1] == "ALL" and name != COPILOT):
            raise bad_request("Invalid period value. Supported: D7, D30, D90, D180.", "InvalidArgument")
        return 180 if match[1] == "ALL" else int(match[1][1:])

    def _file(self, job: Job, day: int, *, concealed: bool) -> Reply:
        key = (job, day, concealed)
        with self._lock:
            if key not in self._kept:
                standard = Job(job.function, job.period or 180)
                jobs = STANDARD if standard in STANDARD else (job,)
                for made, body in render(self._state, day, jobs, concealed=concealed).items():
                    made_job = made if has_period(made.function) else Job(made.function, 0)
                    self._kept[made_job, day, concealed] = body
            return Reply(content_type="application/octet-stream", stored=self._kept[key])

    def _sign(self, ticket: str) -> str:
        return hmac.new(self._key, ticket.encode(), sha256).hexdigest()[:24]
