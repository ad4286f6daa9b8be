"""A simulated tenant on loopback, and a client whose clock moves only when it sleeps."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.collection.collector import collect
from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.graph.client import GraphClient
from seatbeacon.graph.clouds import CLOUDS
from seatbeacon.graph.oauth import StaticTokenSource
from seatbeacon.graph.secret import Secret
from seatbeacon.graph.transport import Transport
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from seatbeacon.collection.package import Manifest

EVERYTHING = ("Directory.Read.All", "Reports.Read.All", "AuditLog.Read.All", "ReportSettings.Read.All")


class StillClock:
    """Seconds that pass only by sleeping, which takes no time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def simulate() -> Iterator[Callable[..., Simulator]]:
    """Start a simulated tenant with these options."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(Simulator(TenantOptions(**options)))


@pytest.fixture
def client_of() -> Iterator[Callable[..., GraphClient]]:
    """A client of a simulator that never really waits."""
    with ExitStack() as stack:

        def made(
            simulator: Simulator,
            account: str | None = "reports-reader",
            permissions: tuple[str, ...] = EVERYTHING,
        ) -> GraphClient:
            clock = StillClock()
            token = simulator.issue_access_token(account, permissions)
            return GraphClient(
                root=simulator.graph_root,
                tokens=StaticTokenSource(Secret(token)),
                transport=stack.enter_context(Transport(connect_timeout=30, read_timeout=30)),
                clock=clock,
                sleep=clock.sleep,
            )

        yield made


@pytest.fixture
def run(client_of: Callable[..., GraphClient]) -> Callable[..., Manifest]:
    """Collect the simulator's tenant into a folder."""

    def collected(simulator: Simulator, folder: Path, **options: Any) -> Manifest:
        who = {key: options.pop(key) for key in ("account", "permissions") if key in options}
        settings: dict[str, Any] = {"connection": "Contoso", "cloud": CLOUDS["global"], **options}
        return collect(client_of(simulator, **who), folder, **settings)

    return collected


@pytest.fixture
def contents() -> Callable[[Path], dict[str, Any]]:
    """What a package holds, by dataset: objects by id (the last line counts), reports as they are."""

    def read(folder: Path) -> dict[str, Any]:
        held: dict[str, Any] = {}
        for name, schema in SCHEMAS.items():
            path = folder / schema.file
            if not path.exists():
                continue
            if schema.kind == "report":
                held[name] = path.read_bytes()
            else:
                objects = [json.loads(line) for line in path.read_text().splitlines()]
                held[name] = {each.get("id"): each for each in objects}
        return held

    return read
