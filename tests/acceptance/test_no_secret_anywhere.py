"""After a connection of each kind was added, imported and shown, its secrets are looked for everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import CommandLine

PROXY_PASSWORD = "proxy-password-of-nobody-else"
SHOWN = (
    ("connection", "list", "--format", "json"),
    ("connection", "show", "Contoso"),
    ("import", "list", "--format", "json"),
    ("import", "show", "1"),
    ("settings", "--format", "json"),
    ("secrets", "show"),
)


@pytest.fixture
def issued(seatbeacon: CommandLine, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every token that the simulated tenant issues from now on, and its app's secret."""
    tokens = {seatbeacon.simulator.client_secret}

    def remembering(kind: str) -> None:
        issue = getattr(seatbeacon.simulator.mint, kind)

        def remembered(*arguments: Any, **options: Any) -> str:
            token: str = issue(*arguments, **options)
            tokens.add(token)
            return token

        monkeypatch.setattr(seatbeacon.simulator.mint, kind, remembered)

    remembering("access_token")
    remembering("refresh_token")
    return tokens


def holding(folder: Path, secrets: set[str]) -> list[str]:
    """The files below `folder` that hold one of `secrets`."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    texts = {path: path.read_bytes() for path in files}
    return [str(path) for path, text in texts.items() if any(each.encode() in text for each in secrets)]


@pytest.mark.parametrize("kind", ["refresh token", "client secret"])
def test_no_secret_is_found_anywhere(
    seatbeacon: CommandLine, issued: set[str], tmp_path: Path, kind: str
) -> None:
    if kind == "refresh token":
        seatbeacon.add()
    else:
        seatbeacon.add_app(seatbeacon.simulator.client_secret, "Contoso")
    told = []
    seatbeacon.simulator.latency_ms = 10
    running = seatbeacon.start("import", "run", "Contoso")
    processes = set()
    while running.poll() is None:
        for process in psutil.process_iter(["cmdline"]):
            processes.add(" ".join(process.info["cmdline"] or ()))
    told += [*running.communicate(), *processes]
    assert running.returncode == 0
    assert any("import run Contoso" in line for line in processes)
    told += [seatbeacon("package", "collect", "Contoso", "--out", str(tmp_path / "package")).stdout]
    seatbeacon(
        *("connection", "edit", "Contoso", "--proxy", "http://127.0.0.1:9", "--proxy-username", "beacon"),
        *("--proxy-password-file", "-"),
        text=PROXY_PASSWORD,
    )
    refused = seatbeacon.start("import", "run", "Contoso", "--debug")
    told += refused.communicate()
    assert refused.returncode == 1
    for command in SHOWN:
        done = seatbeacon(*command)
        told += [done.stdout, done.stderr]
    secrets = issued | {PROXY_PASSWORD}
    assert len(secrets) > 3
    assert [text for text in told if any(secret in text for secret in secrets)] == []
    assert holding(seatbeacon.home, secrets) == []
    assert holding(tmp_path / "package", secrets) == []
