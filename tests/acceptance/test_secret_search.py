"""The search for secrets finds them in every form, and a run whose tests left one behind fails."""

from __future__ import annotations

import base64
import gzip
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from tests.secret_search import MARK, MARKS, Search

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = 'a passwörd of "this" & that 100%'
ROOT = Path(__file__).parents[2]
SEARCH = Search({"secret": SECRET})


@pytest.fixture
def apart() -> Iterator[Path]:
    """A folder that is gone before this run's own search."""
    with tempfile.TemporaryDirectory(prefix="seatbeacon-search-") as folder:
        yield Path(folder)


def packed(text: str) -> bytes:
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", text)
    return told.getvalue()


@pytest.mark.parametrize(
    "written",
    [
        SECRET.encode(),
        SECRET.encode("utf-16-le"),
        SECRET.encode().hex().encode(),
        quote(SECRET).encode(),
        SECRET.replace("&", "&amp;").replace('"', "&quot;").encode(),
        *(base64.b64encode(b"user:"[:before] + SECRET.encode() + b"!" * before) for before in range(4)),
        base64.urlsafe_b64encode(SECRET.encode()).rstrip(b"="),
        gzip.compress(SECRET.encode()),
        packed(SECRET),
    ],
    # Named, because archives hold the time: every process must find the same tests.
    ids=[
        "plain",
        "utf-16",
        "hex",
        "url",
        "markup",
        "base64-0",
        "base64-1",
        "base64-2",
        "base64-3",
        "base64-url",
        "gzip",
        "zip",
    ],
)
def test_a_secret_is_found_in_whatever_form(tmp_path: Path, written: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before " + written + b" after")
    if written[:2] in {b"PK", b"\x1f\x8b"}:
        file.write_bytes(written)
    found = SEARCH.folder(tmp_path)
    assert found
    assert SECRET not in str(found)
    file.write_bytes(written[: len(written) // 4])
    assert SEARCH.folder(tmp_path) == []


def test_a_file_that_a_test_gave_is_no_find_but_in_a_home_it_is(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_text(SECRET)
    assert SEARCH.folder(tmp_path) == []
    (tmp_path / "home" / "packages").mkdir(parents=True)
    (tmp_path / "home" / "seatbeacon.sqlite3").touch()
    (tmp_path / "home" / "packages" / "own.pem").write_text(SECRET)
    assert len(SEARCH.folder(tmp_path)) == 1


def test_what_is_everywhere_is_not_looked_for() -> None:
    with pytest.raises(ValueError, match="too short"):
        Search({"secret": "abc"})


@pytest.mark.parametrize(
    ("deed", "processes", "finds"),
    [
        (f"(tmp_path / 'x').write_text('{MARK}-1')", [], 1),
        (f"print('{MARK}-2'); (tmp_path / 'x').write_text('{MARK}-1')", ["-n", "2", "--dist", "loadfile"], 2),
        ("pass", ["-n", "2", "--dist", "loadfile"], 0),
    ],
)
def test_a_run_whose_tests_left_a_secret_behind_fails(
    apart: Path, deed: str, processes: list[str], finds: int
) -> None:
    (apart / "tests").mkdir()
    (apart / "tests" / "test_one.py").write_text(f"def test_one(tmp_path):\n    {deed}\n")
    (apart / "tests" / "test_two.py").write_text("def test_two():\n    pass\n")
    options = [
        "-q",
        "-p",
        "tests.conftest",
        "-c",
        str(ROOT / "pyproject.toml"),
        f"--basetemp={apart / 'base'}",
    ]
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", *options, *processes, str(apart / "tests")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == bool(finds), done.stdout
    assert done.stdout.count("holds a secret of a test as it is") == finds
    assert ("no secret was found" in done.stdout) == (not finds)


def test_the_marks_are_those_of_what_the_simulated_tenant_issues() -> None:
    with Simulator(TenantOptions(users=1)) as simulator:
        issued = {
            "client secret": simulator.client_secret,
            "refresh token": simulator.issue_refresh_token(),
            "access token": simulator.mint.access_token("client", (), None),
        }
    assert set(issued) | {"secret of a test", "private key"} == set(MARKS)
    for name, told in issued.items():
        assert told.startswith(MARKS[name])
