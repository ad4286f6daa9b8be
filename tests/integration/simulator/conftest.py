"""A running simulator and a raw client for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator


class Client:
    """Asks Graph as a plain program would: no retries, no redirects."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {simulator.issue_access_token()}"

    def get(self, path: str, **headers: str) -> requests.Response:
        """One answer; `path` begins with a slash, or is a whole next link."""
        url = path if path.startswith("http") else f"{self.simulator.graph_root}/v1.0{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.get(url, headers=named, allow_redirects=False, timeout=20)

    def pages(self, path: str, **headers: str) -> Iterator[dict[str, Any]]:
        """Every page, next links followed as they are."""
        link: str | None = path
        while link:
            answer = self.get(link, **headers)
            answer.raise_for_status()
            page: dict[str, Any] = answer.json()
            yield page
            link = page.get("@odata.nextLink")

    def rows(self, path: str, **headers: str) -> list[dict[str, Any]]:
        """All objects of a listing."""
        return [row for page in self.pages(path, **headers) for row in page["value"]]


Start = Callable[..., Client]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts simulators of few users; keyword arguments are TenantOptions, `faults` the faults."""
    started: list[Client] = []

    def begin(faults: tuple[Any, ...] = (), **options: Any) -> Client:
        simulator = Simulator(TenantOptions(**({"users": 120} | options)), faults=faults)
        simulator.__enter__()
        started.append(Client(simulator))
        return started[-1]

    yield begin
    for client in started:
        client.session.close()
        client.simulator.stop()


@pytest.fixture
def client(start: Start) -> Client:
    """A client of a simulator of 120 users without faults."""
    return start()
