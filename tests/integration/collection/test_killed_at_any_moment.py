from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.collection.package import Outcome
from seatbeacon.collection.package.errors import NotAPackage
from seatbeacon.collection.package.reader import open_package

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.collection.package import Manifest
    from seatbeacon.simulator.server import Simulator

COLLECT = """
import sys
from pathlib import Path
from seatbeacon.collection.collector import collect
from seatbeacon.graph.client import GraphClient
from seatbeacon.graph.clouds import CLOUDS
from seatbeacon.graph.oauth import StaticTokenSource
from seatbeacon.graph.secret import Secret
from seatbeacon.graph.transport import Transport

root, token, folder = sys.argv[1:]
client = GraphClient(root=root, tokens=StaticTokenSource(Secret(token)), transport=Transport())
collect(client, Path(folder), connection="Contoso", cloud=CLOUDS["global"], parallel=3,
        progress=lambda told: print(told.dataset, flush=True))
"""


@pytest.mark.parametrize("pages", [1, 2, 9, 25, 45, 60])
def test_what_was_whole_is_kept_and_the_rest_is_read_when_it_goes_on(
    simulate: Callable[..., Simulator],
    run: Callable[..., Manifest],
    contents: Callable[[Path], dict[str, Any]],
    tmp_path: Path,
    pages: int,
) -> None:
    simulator = simulate(users=150, page_size_cap=10)
    token = simulator.issue_access_token(permissions=("Directory.Read.All", "Reports.Read.All"))
    folder = tmp_path / "p"
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", COLLECT, simulator.graph_root, token, str(folder)], stdout=subprocess.PIPE
    )
    with child:
        assert child.stdout is not None
        for _ in range(pages):
            child.stdout.readline()
        child.kill()
    try:
        before = open_package(folder).manifest
    except NotAPackage:
        kept = set()
    else:
        assert before.status == "collecting"
        kept = {record.name for record in before.datasets if record.outcome is Outcome.COLLECTED}
    simulator.journal.clear()
    run(simulator, folder, resume=True)
    open_package(folder).verify(tenant=simulator.tenant.id)
    assert not list(folder.glob("*.part"))
    asked = simulator.journal.counts()
    assert not [path for path in asked if "subscribedSkus" in str(path)] or "subscribedSkus" not in kept
    run(simulator, tmp_path / "whole")
    assert contents(folder) == contents(tmp_path / "whole")
