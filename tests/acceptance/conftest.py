from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

USERS = 60


@dataclass
class CommandLine:
    """The installed `seatbeacon` in a home of its own, and a simulated tenant to connect to."""

    home: Path
    simulator: Simulator
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def program(self) -> str:
        return str(Path(sys.executable).with_name("seatbeacon"))

    @property
    def environment(self) -> dict[str, str]:
        """The process's environment without settings of ours, then this home's."""
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith("SEATBEACON_") and k != "DATABASE_URL"
        }
        return kept | {"SEATBEACON_HOME": str(self.home), "SEATBEACON_GIVE_UP_AFTER": "5"} | self.environ

    def __call__(
        self, *arguments: str, text: str | None = None, status: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command line to its end, and check its exit status."""
        done = subprocess.run(  # noqa: S603 - our own program
            [self.program, *arguments],
            input=text or "",
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
        )
        assert done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command line."""
        return subprocess.Popen(  # noqa: S603 - our own program
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def rows(self, listing: str, *options: str) -> list[dict[str, Any]]:
        """A listing as JSON."""
        out = self("list", listing, "--format", "json", *options).stdout
        return [msgspec.json.decode(line) for line in out.splitlines()]

    def add(self, name: str = "Contoso", account: str = "reports-reader") -> None:
        """Add a connection with a refresh token, as if `account` had signed in."""
        token = self.simulator.issue_refresh_token(account)
        options = [
            "--token-endpoint",
            self.simulator.token_endpoint,
            "--graph-root",
            self.simulator.graph_root,
        ]
        self("connection", "add", name, *options, "--refresh-token-file", "-", text=token)

    def add_app(self, secret: str, name: str = "App") -> None:
        """Add a connection for the tenant's own app."""
        simulator = self.simulator
        options = ["--token-endpoint", simulator.token_endpoint, "--graph-root", simulator.graph_root]
        app = ["--client-id", simulator.own_client_id, "--tenant-id", simulator.tenant.id]
        flow = ["--flow", "client-credentials", "--client-secret-file", "-"]
        self("connection", "add", name, *options, *app, *flow, text=secret)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose tables are made, once per process; tests get copies. Making them takes longer than most
    commands do."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    with Simulator(TenantOptions(users=1)) as nobody:
        CommandLine(home, nobody)("connection", "list")
    return home


@pytest.fixture(scope="session")
def stocked(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with an import of a tenant that is gone, for tests that read what was imported."""
    home = tmp_path_factory.mktemp("stocked") / "home"
    shutil.copytree(prepared, home)
    with _simulated() as simulator:
        seatbeacon = CommandLine(home, simulator)
        seatbeacon.add()
        seatbeacon("import", "run", "Contoso")
    return home


@contextlib.contextmanager
def _simulated() -> Iterator[Simulator]:
    with Simulator(TenantOptions(users=USERS)) as running:
        yield running
        # The reports that were rendered stay open as long as the simulator: nobody reads them any more.
        for report in running._reports._kept.values():
            report.open().close()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with _simulated() as running:
        yield running


@pytest.fixture
def seatbeacon(tmp_path: Path, prepared: Path, simulator: Simulator) -> CommandLine:
    shutil.copytree(prepared, tmp_path / "home")
    return CommandLine(tmp_path / "home", simulator)


@pytest.fixture
def imported(tmp_path: Path, stocked: Path, simulator: Simulator) -> CommandLine:
    """In a home where Contoso was imported, from a tenant that does not answer any more."""
    shutil.copytree(stocked, tmp_path / "home")
    return CommandLine(tmp_path / "home", simulator)
