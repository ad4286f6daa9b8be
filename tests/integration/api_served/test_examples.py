"""The examples of docs/how-to/use-the-api.md do what they say."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from tests.integration.api_served.conftest import Served

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "use-the-api.md"
EXAMPLES = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_examples_of_the_documentation_work(served: Served, tmp_path: Path) -> None:
    environ = os.environ | {"SEATBEACON": served.address, "TOKEN": served.token}
    told = []
    for example in EXAMPLES:
        done = subprocess.run(  # noqa: S603 - our own page
            ["bash", "-euo", "pipefail", "-c", example],  # noqa: S607 - as whoever reads the page runs it
            env=environ,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{example}\n{done.stdout}\n{done.stderr}"
        told.append(done.stdout)
    assert json.loads(told[0])["scope"] == "administer"
    listed = json.loads(told[1])
    assert listed["count"] == len(listed["items"]) > 0
    pages = [json.loads(line) for line in next(one for one in told if one.count('"items"') == 1).splitlines()]
    assert pages[-1]["next"] is None
    assert "There is no column of users 'departmant'." in told[-1]
    assert {path.suffix for path in tmp_path.iterdir()} == {".parquet", ".csv", ".duckdb"}
    with duckdb.connect(str(tmp_path / "inventory.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) > 0 FROM users").fetchall() == [(True,)]
