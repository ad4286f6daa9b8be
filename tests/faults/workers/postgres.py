"""A PostgreSQL server of one's own, which can be killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.secret_search import search_before_it_goes

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "beacon"


def binaries() -> Path:
    """Where the newest PostgreSQL of this machine is installed."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parents[1].name)
    )
    on_path = shutil.which("initdb")
    assert found or on_path, "these tests need PostgreSQL: apt-get install postgresql, or brew"
    return (found[-1] if found else Path(str(on_path))).parent


class Postgres:
    """A context manager: a new cluster in a temporary folder, on a port of loopback, run by nobody's account.

    Commits need not reach a disk: the machine does not lose power here, only processes are killed.
    """

    def __init__(self) -> None:
        self._bin = binaries()
        self._user = "nobody" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="seatbeacon-pg-"))
        self._data = self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._copies = count()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    @property
    def url(self) -> str:
        """DATABASE_URL of an empty database."""
        return f"postgresql://beacon@127.0.0.1:{self.port}/{NAME}"

    def __enter__(self) -> Self:
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", str(self._data), "-U", "beacon", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "beacon", NAME)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        search_before_it_goes(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def copy_of_database(self) -> Iterator[str]:
        """The address of a copy of the database, to which nobody is connected; it goes afterwards."""
        name = f"{NAME}_{next(self._copies)}"
        here = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "beacon")
        self._run("createdb", *here, "-T", NAME, name)
        try:
            yield f"{self.url.removesuffix(NAME)}{name}"
        finally:
            self._run("dropdb", *here, "--force", name)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
            "fsync": "off",
            "max_connections": "200",
            "shared_buffers": "32MB",
        }
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        # What a killed server left of its shared memory goes a moment after it: until then it does not start.
        for _ in range(100):
            with (self._folder / "log").open("ab") as log:
                self._process = subprocess.Popen(  # noqa: S603 - a program of the system
                    [str(self._bin / "postgres"), "-D", str(self._data), *given],
                    user=self._user,
                    group=self._group(),
                    extra_groups=[] if self._user else None,
                    cwd=self._folder,
                    stdout=log,
                    stderr=log,
                )
            while self._process.poll() is None:
                if self._answers():
                    return
                time.sleep(0.05)
            time.sleep(0.1)
        raise AssertionError((self._folder / "log").read_text())

    def kill(self) -> None:
        """SIGKILL for the server; its other processes notice and end."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        ready = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0  # noqa: S603 - as above

    def _group(self) -> int | None:
        return pwd.getpwnam(self._user).pw_gid if self._user else None

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - as above
            [str(self._bin / program), *arguments],
            user=self._user,
            group=self._group(),
            extra_groups=[] if self._user else None,
            cwd=self._folder,
            check=True,
            capture_output=True,
        )
