"""What the tests with real parts share: the command line in a home of its own, and how a part is missed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
import pytest

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

USERS = 60
INSTALL = "make test-parts"
"""The make target that installs what these tests need beside Python packages."""


def missing(what: str) -> NoReturn:
    """Fail: a test that is skipped because a part is missing would hide that nothing was tested."""
    pytest.fail(f"{what} is missing. Install it with: {INSTALL}", pytrace=False)


@pytest.fixture(scope="session", name="missing")
def missing_part() -> Callable[[str], NoReturn]:
    """Fails the test, saying how to install the part."""
    return missing


@dataclass
class CommandLine:
    """The installed `seatbeacon` in a home of its own, with `environ` on top of a clean environment."""

    home: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The process's environment without settings of ours or proxies, then this home's."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SEATBEACON_", "DJANGO_"))
            and not name.upper().endswith("_PROXY")
            and name not in {"DATABASE_URL", "NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}
        }
        return kept | {"SEATBEACON_HOME": str(self.home), "SEATBEACON_GIVE_UP_AFTER": "0.5"} | self.environ

    def __call__(self, *arguments: str, text: str = "", status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command line to its end, and check its exit status."""
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "seatbeacon.cli", *arguments],
            input=text,
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
            [sys.executable, "-m", "seatbeacon.cli", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def rows(self, listing: str) -> list[dict[str, Any]]:
        """A listing."""
        out = self("list", listing, "--format", "json").stdout
        return [msgspec.json.decode(line) for line in out.splitlines()]


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A simulated tenant."""
    with Simulator(TenantOptions(users=USERS)) as running:
        yield running


@pytest.fixture
def new_home(tmp_path: Path) -> Callable[[str], CommandLine]:
    """Makes a command line with a home of the name given."""
    return lambda name: CommandLine(tmp_path / name)
