from __future__ import annotations

import subprocess
import sys

import pytest

from seatbeacon import __version__
from seatbeacon.cli.main import run

_HEAVY = ("django", "duckdb", "rich", "requests", "cryptography", "authlib", "msgspec")


def _modules_after(arguments: list[str]) -> set[str]:
    program = (
        "import sys\n"
        "from seatbeacon.cli.main import run\n"
        f"run({arguments!r})\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["list", "--help"], ["connection", "add", "--help"], ["import", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert not _modules_after(arguments) & set(_HEAVY)


def test_every_command_has_a_help_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    for command in ("connection", "import", "package", "list", "catalog", "settings", "demo", "simulate"):
        line = next(line for line in out.splitlines() if line.split()[:1] == [command])
        assert len(line.split()) > 3


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"seatbeacon {__version__}\n"


@pytest.mark.parametrize("arguments", [["nonsense"], ["list", "nonsense"], ["import", "run"], ["--nonsense"]])
def test_a_wrong_command_line_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Usage:" in capsys.readouterr().err


def test_a_wrong_setting_is_one_sentence_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEATBEACON_PARALLEL", "many")
    assert run(["settings"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("seatbeacon: The setting SEATBEACON_PARALLEL is wrong")
    assert err.count("\n") == 1


def test_a_traceback_is_shown_only_with_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATBEACON_PARALLEL", "many")
    with pytest.raises(Exception, match="SEATBEACON_PARALLEL"):
        run(["settings", "--debug"])
    with pytest.raises(Exception, match="SEATBEACON_PARALLEL"):
        run(["--debug", "settings"])
