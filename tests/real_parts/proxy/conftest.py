"""Debian's squid, which wants a user and a password and reaches out from an address of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from tests.secret_search import planted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.real_parts.conftest import CommandLine

    from seatbeacon.simulator.server import Simulator

SQUID = Path("/usr/sbin/squid")
PASSWORD_HELPER = Path("/usr/lib/squid/basic_ncsa_auth")
USER = "beacon"
PASSWORD = planted("pä:ss w%rd€")
OUTGOING = "127.0.0.2"
"""Where squid's own connections come from; nothing else in these tests has this address."""

CONFIG = """\
http_port 127.0.0.1:{port}
pid_filename {folder}/squid.pid
logformat told %>Hs %rm %ru %un
access_log stdio:{folder}/access.log logformat=told
cache_log {folder}/cache.log
coredump_dir {folder}
cache deny all
cache_mem 8 MB
max_filedescriptors 1024
visible_hostname squid.test
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
tcp_outgoing_address {outgoing}
auth_param basic program {helper} {folder}/passwords
auth_param basic children 1 startup=1 idle=1
auth_param basic realm Seatbeacon
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
"""


@dataclass(frozen=True)
class Line:
    """One line of squid's access log: `target` is a whole URL, or host:port of a tunnel."""

    status: int
    method: str
    target: str
    user: str


class Squid:
    """A running squid at `address`. Its log is whole once it has stopped."""

    outgoing = OUTGOING
    user = USER
    password = PASSWORD

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        # What the helper reads: an MD5 in hexadecimal is one of its forms, and needs no other program.
        digest = hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()
        (folder / "passwords").write_text(f"{USER}:{digest}\n")
        config = folder / "squid.conf"
        config.write_text(
            CONFIG.format(port=self.port, folder=folder, outgoing=OUTGOING, helper=PASSWORD_HELPER)
        )
        self._process = subprocess.Popen(  # noqa: S603 - Debian's own program
            [str(SQUID), "-N", "-d1", "-f", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._wait_until_ready()

    @property
    def address(self) -> str:
        """Host and port, as people enter it."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address with its scheme."""
        return f"http://{self.address}"

    def stop(self) -> None:
        """Stop it, which closes every tunnel and thereby logs it."""
        self._end(self._process.terminate)

    def kill(self) -> None:
        """Let it die at once."""
        self._end(self._process.kill)

    def _end(self, how: Callable[[], None]) -> None:
        if self._process.returncode is None:
            how()
            self._process.communicate()

    def lines(self) -> list[Line]:
        """Stop, and return the access log."""
        self.stop()
        told = (self._folder / "access.log").read_text().splitlines()
        split = [line.split(" ") for line in told]
        return [Line(int(status), method, target, user) for status, method, target, user in split]

    def _wait_until_ready(self) -> None:
        assert self._process.stderr is not None
        told: list[str] = []
        for line in self._process.stderr:
            told.append(line)
            if "Accepting HTTP Socket connections" in line:
                return
        self.stop()
        pytest.fail(f"squid did not start:\n{''.join(told)}")


@pytest.fixture
def squid_folder() -> Iterator[Path]:
    """A folder that squid's user may write to: it gives up root, to which alone pytest's folders belong."""
    folder = Path(tempfile.mkdtemp(prefix="seatbeacon-squid-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "proxy", "proxy")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def squid(request: pytest.FixtureRequest, missing: Callable[[str], NoReturn]) -> Iterator[Squid]:
    """A squid that lets `user` with `password` through to anywhere."""
    for part in (SQUID, PASSWORD_HELPER):
        if not part.exists():
            missing(str(part))
    running = Squid(request.getfixturevalue("squid_folder"))
    yield running
    running.kill()


class Trap:
    """An address that an environment points to and nobody may ever come to."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.setblocking(False)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def is_untouched(self) -> bool:
        """Whether nobody came. A connection waits here even if whoever opened it is gone."""
        try:
            self._listening.accept()[0].close()
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    """Nobody may come here."""
    made = Trap()
    yield made
    made.close()


@pytest.fixture
def hostile(trap: Trap, tmp_path: Path) -> dict[str, str]:
    """An environment that would lead any other program astray: past the proxy, to another one, with other
    passwords and other CAs."""
    home = tmp_path / "person"
    home.mkdir()
    netrc = "".join(f"machine {host} login thief password thief\n" for host in ("127.0.0.1", "localhost"))
    (home / ".netrc").write_text(netrc + "default login thief password thief\n")
    (home / ".netrc").chmod(0o600)
    (home / "no-ca.pem").write_text("")
    environ = dict.fromkeys(("NO_PROXY", "no_proxy"), "*")
    environ |= {f"{name}_PROXY": trap.url for name in ("HTTP", "HTTPS", "ALL")}
    environ |= {f"{name}_proxy": trap.url for name in ("http", "https", "all")}
    environ |= {name: str(home / "no-ca.pem") for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")}
    return environ | {"HOME": str(home), "NETRC": str(home / ".netrc")}


@pytest.fixture
def connect(simulator: Simulator, tmp_path: Path) -> Callable[..., None]:
    """Adds the connection “Contoso” to a home; to the simulated tenant unless endpoints are given."""

    def connect(
        seatbeacon: CommandLine,
        *,
        proxy: str | None = None,
        user: str | None = None,
        password: str | None = None,
        login: str | None = None,
        graph: str | None = None,
    ) -> None:
        token_endpoint = simulator.token_endpoint.replace(simulator.login_root, login or simulator.login_root)
        options = ["--token-endpoint", token_endpoint, "--graph-root", graph or simulator.graph_root]
        if proxy is not None:
            options += ["--proxy", proxy]
        if user is not None:
            options += ["--proxy-username", user]
        if password is not None:
            file = tmp_path / "proxy-password.secret"
            file.write_text(f"{password}\n", "utf-8")
            options += ["--proxy-password-file", str(file)]
        token = simulator.issue_refresh_token("reports-reader")
        seatbeacon("connection", "add", "Contoso", *options, "--refresh-token-file", "-", text=token)

    return connect
