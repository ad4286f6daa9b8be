"""Whatever goes wrong, wherever: complete data, or a manifest or an error that says that it is not."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatbeacon.collection.errors import CollectionError
from seatbeacon.collection.package import DatasetRecord, Manifest, Outcome
from seatbeacon.collection.package.reader import open_package
from seatbeacon.graph.errors import GraphError
from seatbeacon.simulator.faults import Fault
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

Run = Callable[..., Manifest]
Contents = Callable[[Path], dict[str, Any]]

KINDS = [
    "429",
    "500",
    "503",
    "504",
    "401",
    "403",
    "404",
    "410",
    "expired-page",
    "refused",
    "reset",
    "truncated",
    "truncated-gzip",
    "truncated-chunked",
    "bad-json",
    "html",
    "login-redirect",
    "empty-page",
    "foreign-link",
    "repeat-link",
    "duplicates",
    "early-end",
]
PLACES = [
    r"/users\?.*manager",
    r"/users\?.*signInActivity",
    r"/users/\$count",
    "/servicePrincipals",
    "appRoleAssignedTo",
    "/groups",
    "/subscribedSkus",
    "/reports/",
    "/data/download",
    "/v1.0/",
]


@pytest.fixture(scope="module")
def tenant() -> Any:
    with Simulator(TenantOptions(users=60, page_size_cap=9)) as simulator:
        yield simulator


class Whole(dict[str, Any]):
    """What a package holds; too long to be shown."""

    def __repr__(self) -> str:
        return "<whole>"


@pytest.fixture(scope="module")
def whole() -> Whole:
    """What the tenant holds, once it has been read without a fault."""
    return Whole()


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    faults=st.lists(
        st.builds(
            Fault,
            kind=st.sampled_from(KINDS),
            match=st.sampled_from(PLACES),
            at=st.integers(1, 12),
            times=st.sampled_from([1, 1, 2, 5, 1000]),
            role=st.just("any"),
            retry_after=st.sampled_from([None, "1", "2.5", "date:2"]),
            seconds=st.just(0.01),
            share=st.floats(0.0, 0.99),
            to=st.just("http://127.0.0.1:9"),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_no_partial_reading_is_a_success(
    tenant: Simulator, whole: Whole, run: Run, contents: Contents, faults: list[Fault]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if not whole:
            tenant.faults.clear()
            run(tenant, Path(folder) / "whole")
            whole.update(contents(Path(folder) / "whole"))
        tenant.faults.set(faults)
        target = Path(folder) / "package"
        try:
            manifest = run(tenant, target)
        except (GraphError, CollectionError) as error:
            assert error.remedy  # noqa: PT017 - whether it raises is what the example decides
            assert open_package(target).manifest.status == "collecting"
        else:
            held = contents(target)
            for record in manifest.datasets:
                if record.outcome is Outcome.COLLECTED:
                    if not_counted(record) and ends_early_again(faults):
                        continue
                    if any("were deleted" in note for note in record.notes):
                        assert sum(fault.times for fault in faults if fault.kind == "404") > 1
                        continue  # Graph said twice that it is gone, and the manifest says so
                    assert same(held[record.name], whole[record.name]), record
                else:
                    assert record.problem
                    assert record.name not in held
        tenant.faults.clear()
        wait_until_it_listens(tenant)
        resumed = run(tenant, target, resume=True)
        if all(record.outcome is Outcome.COLLECTED for record in resumed.datasets):
            open_package(target).verify()


def wait_until_it_listens(tenant: Simulator) -> None:
    """Wait until a refusal is over: the collector's clock stands still, the simulator's does not."""
    for root in (tenant.graph_root, tenant.download_root):
        at = urlsplit(root)
        begun = time.monotonic()
        while True:
            try:
                socket.create_connection((at.hostname or "", at.port or 0), timeout=5).close()
                break
            except ConnectionRefusedError:
                assert time.monotonic() - begun < 60, f"{root} refuses connections for good"


def not_counted(record: DatasetRecord) -> bool:
    """Whether Graph told no number to hold the listing against."""
    return record.name == "subscribedSkus" or any("does not count" in note for note in record.notes)


def ends_early_again(faults: list[Fault]) -> bool:
    """Graph does not count these; ending early at the same place each time is beyond what can be noticed."""
    return sum(fault.times for fault in faults if fault.kind == "early-end") > 1


def same(held: Any, whole: Any) -> bool:
    return set(held) == set(whole) if isinstance(whole, dict) else bool(held == whole)
