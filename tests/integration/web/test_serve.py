"""`seatbeacon serve` as a process: it ends when told, and takes its children along whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from seatbeacon.web.serve import CannotListen, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environ["SEATBEACON_HOME"] = str(tmp_path / "home")
    with subprocess.Popen(
        [sys.executable, "-m", "seatbeacon.cli", "serve", "--port", "0"],
        env=environ,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def children_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """What it started, once the worker and the pages are among it."""
    parent = psutil.Process(process.pid)
    while True:
        children = parent.children()
        commands = [" ".join(child.cmdline()) for child in children]
        if any("worker" in one for one in commands) and any("spawn_main" in one for one in commands):
            return children


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_pages_end(serving: subprocess.Popen[str], number: signal.Signals) -> None:
    assert serving.stdout is not None
    assert serving.stdout.readline().startswith("Seatbeacon is at http://localhost:")
    children = children_of(serving)
    serving.send_signal(number)
    status = serving.wait(60)
    psutil.wait_procs(children, timeout=60)
    assert [child for child in children if child.is_running()] == []
    assert status == (0 if number is signal.SIGTERM else -signal.SIGKILL)


def test_a_port_in_use_is_told_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"127.0.0.1, port {port} cannot be listened on: .* --port"):
            free_port("127.0.0.1", port)
    assert free_port("127.0.0.1", 0) > 0
