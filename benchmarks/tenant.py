"""A simulated tenant in a process of its own, so that its CPU is not counted as ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEATBEACON = [sys.executable, "-m", "seatbeacon.cli"]
_SERVE = """
import json, sys
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator
with Simulator(TenantOptions(users=int(sys.argv[1]))) as simulator:
    print(json.dumps({"login": simulator.login_root, "graph": simulator.graph_root,
                      "token_endpoint": simulator.token_endpoint,
                      "refresh_token": simulator.issue_refresh_token(),
                      "access_token": simulator.issue_access_token()}), flush=True)
    sys.stdin.read()
"""


class Tenant:
    """A running simulated tenant, driven through its control address."""

    def __init__(self, facts: dict[str, str]) -> None:
        self.facts = facts

    def tell(self, what: str, **values: object) -> None:
        """Change the tenant: `latency`, `day`, `clear`, `warm`."""
        request = Request(  # noqa: S310 - the address is the simulator's
            f"{self.facts['login']}/_simulator/{what}", data=json.dumps(values).encode(), method="POST"
        )
        with urlopen(request) as answer:  # noqa: S310 - as above
            answer.read()

    def requests(self, last: int) -> list[dict[str, Any]]:
        """The last requests it was sent, in order."""
        with urlopen(f"{self.facts['login']}/_simulator/requests?last={last}") as answer:  # noqa: S310 - as above
            entries: list[dict[str, Any]] = json.load(answer)
            return entries

    def violations(self) -> list[str]:
        """What its callers did that they must not."""
        with urlopen(f"{self.facts['login']}/_simulator/violations") as answer:  # noqa: S310 - as above
            told: list[str] = json.load(answer)
            return told

    def connect(self, home: Path, name: str = "Bench") -> dict[str, str]:
        """Add a connection to it in `home`, and give the environment for further commands."""
        env = {"SEATBEACON_HOME": str(home)}
        subprocess.run(
            [
                *SEATBEACON,
                *("connection", "add", name, "--token-endpoint", self.facts["token_endpoint"]),
                *("--graph-root", self.facts["graph"], "--refresh-token-file", "-"),
            ],
            input=self.facts["refresh_token"].encode(),
            env={**os.environ, **env},
            check=True,
            capture_output=True,
        )
        return env


@contextmanager
def tenant(users: int) -> Iterator[Tenant]:
    """A simulated tenant of `users` users, rendered before it is handed out."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(users)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        served = Tenant(json.loads(process.stdout.readline()))
        served.tell("warm")
        yield served
        process.stdin.close()
