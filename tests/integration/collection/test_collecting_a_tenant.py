from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.collection.errors import ForeignTenant
from seatbeacon.collection.package import Manifest, Outcome
from seatbeacon.collection.package.reader import open_package
from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.simulator.faults import Fault
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., Manifest]
Simulate = Callable[..., Simulator]


def outcomes(manifest: Manifest) -> dict[str, Outcome]:
    return {record.name: record.outcome for record in manifest.datasets}


def test_a_whole_tenant_is_collected_with_the_two_documented_permissions(
    simulate: Simulate, run: Run, tmp_path: Path
) -> None:
    simulator = simulate(users=400)
    manifest = run(simulator, tmp_path / "p", permissions=("Directory.Read.All", "Reports.Read.All"))
    told = outcomes(manifest)
    assert {name for name, outcome in told.items() if outcome is not Outcome.COLLECTED} == {
        "signInActivity",
        "reportSettings",
    }
    assert manifest.problems == ()
    assert manifest.missing_required == ()
    denied = manifest.dataset("signInActivity")
    assert denied is not None
    assert denied.permission == "AuditLog.Read.All"
    open_package(tmp_path / "p").verify(tenant=simulator.tenant.id)
    assert simulator.violations == []


def test_with_every_permission_every_dataset_is_collected(
    simulate: Simulate, run: Run, tmp_path: Path
) -> None:
    simulator = simulate(users=300)
    manifest = run(simulator, tmp_path / "p")
    assert set(outcomes(manifest)) == set(SCHEMAS)
    assert set(outcomes(manifest).values()) == {Outcome.COLLECTED}
    users = manifest.dataset("users")
    assert users is not None
    assert users.count == len(simulator.tenant.census(0).upns)
    assert simulator.violations == []


def test_parts_and_one_chain_give_the_same_users(
    simulate: Simulate, run: Run, tmp_path: Path, contents: Callable[[Path], dict[str, Any]]
) -> None:
    simulator = simulate(users=5200)
    parts = run(simulator, tmp_path / "parts", parallel=6)
    chain = run(simulator, tmp_path / "chain", parallel=1)
    assert parts.requests > chain.requests
    assert contents(tmp_path / "parts") == contents(tmp_path / "chain")
    assert [record.notes for record in parts.datasets if record.name == "users"] == [()]
    assert simulator.violations == []


def test_an_account_without_a_reports_role_is_told_which_one_to_assign(
    simulate: Simulate, run: Run, tmp_path: Path
) -> None:
    manifest = run(simulate(users=60), tmp_path / "p", account="cloud-admin")
    denied = manifest.dataset("activeUsers")
    assert denied is not None
    assert denied.outcome is Outcome.DENIED
    assert denied.role == "Reports Reader"
    assert denied.remedy is not None
    assert "Reports Reader" in denied.remedy
    assert "account that signed in" in denied.remedy
    assert outcomes(manifest)["users"] is Outcome.COLLECTED


def test_concealed_names_are_recognised_in_every_report(simulate: Simulate, run: Run, tmp_path: Path) -> None:
    manifest = run(simulate(users=200, concealed=True), tmp_path / "p")
    reports = {name for name, schema in SCHEMAS.items() if schema.kind == "report"}
    assert {outcomes(manifest)[name] for name in reports} == {Outcome.CONCEALED}
    assert {record.name for record in manifest.problems} == reports


def test_empty_reports_and_a_tenant_without_premium_are_told(
    simulate: Simulate, run: Run, tmp_path: Path
) -> None:
    manifest = run(simulate(users=60, empty_reports=frozenset({"*"}), premium=False), tmp_path / "p")
    assert outcomes(manifest)["signInActivity"] is Outcome.UNAVAILABLE
    empty = manifest.dataset("emailActivity")
    assert empty is not None
    assert (empty.outcome, empty.count) == (Outcome.COLLECTED, 0)
    assert "came empty" in empty.notes[-1]


def test_the_tenant_of_another_connection_is_refused_before_anything_is_read(
    simulate: Simulate, run: Run, tmp_path: Path
) -> None:
    simulator = simulate(users=60)
    with pytest.raises(ForeignTenant, match=simulator.tenant.id):
        run(simulator, tmp_path / "p", expected_tenant="11111111-1111-1111-1111-111111111111")
    assert simulator.journal.requests == 1


@pytest.mark.parametrize(
    "match",
    [
        r"/users\?",
        "subscribedSkus",
        "directory/subscriptions",
        r"/groups\?",
        "appRoleAssigned",
        "reports/get",
    ],
)
def test_a_denied_dataset_takes_no_other_with_it(
    simulate: Simulate, run: Run, tmp_path: Path, match: str
) -> None:
    simulator = simulate(users=60)
    simulator.faults.add(Fault(kind="403", match=match, times=10_000))
    manifest = run(simulator, tmp_path / "p")
    denied = {record.name for record in manifest.datasets if record.outcome is Outcome.DENIED}
    assert denied
    assert manifest.status == "complete"
    assert set(outcomes(manifest).values()) == {Outcome.DENIED, Outcome.COLLECTED}
    assert set(manifest.missing_required) == denied & {"users", "subscribedSkus"}
