from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.errors import (
    NoSuchTenant,
    NoSuchVersion,
    NothingPublished,
    RunIsActive,
    SeveralTenants,
    StaleVersion,
    WrongState,
)
from seatbeacon.beacon.imports import merge
from seatbeacon.beacon.imports.execute import ending, remember_datasets
from seatbeacon.beacon.imports.going_back import find_version, go_back
from seatbeacon.beacon.imports.held import discard_held, publish_held
from seatbeacon.beacon.imports.merge import merge_package
from seatbeacon.beacon.imports.observer import Unobserved
from seatbeacon.beacon.imports.versions import choose_version, current_version, version_path
from seatbeacon.beacon.imports.writing import writing_tenant
from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState, Trigger
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.runs.states import create_run, move
from seatbeacon.collection.package import DatasetRecord, Manifest, Outcome, TenantIdentity
from seatbeacon.collection.package.reader import Package
from seatbeacon.inventory.result import Counts, HoldReason, ImportResult

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings

TENANT = "11111111-2222-3333-4444-555555555555"


class FakeImporter:
    """Writes the target as `import_package` does, and answers what it is told to."""

    def __init__(self) -> None:
        self.held: HoldReason | None = None
        self.previous: list[Path | None] = []

    def __call__(self, package: Package, *, previous: Path | None, target: Path, **_: Any) -> ImportResult:
        self.previous.append(previous)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(package.manifest.connection)
        return ImportResult(
            file=target,
            imported_at=datetime.now(UTC),
            users=Counts(total=10),
            licenses=Counts(),
            assignments=Counts(),
            held=self.held,
        )


@pytest.fixture
def importer(monkeypatch: pytest.MonkeyPatch) -> FakeImporter:
    fake = FakeImporter()
    monkeypatch.setattr(merge, "import_package", fake)
    return fake


def _package(tenant: str = TENANT, name: str = "Contoso", outcome: Outcome = Outcome.COLLECTED) -> Package:
    manifest = Manifest(
        started_at=datetime.now(UTC),
        tenant=TenantIdentity(id=tenant, display_name=name),
        datasets=(DatasetRecord(name="activeUsers", outcome=outcome, remedy="Assign the role."),),
    )
    return Package(Path("/nowhere"), manifest)


def _import(settings: Settings, package: Package | None = None) -> ImportRun:
    package = package or _package()
    run = create_run(None, Trigger.CLI)
    remember_datasets(run, package.manifest)
    merge_package(settings, run, package, observer=Unobserved())
    run.refresh_from_db()
    return run


def test_a_whole_import_is_published(home: Settings, importer: FakeImporter) -> None:
    run = _import(home)
    version = choose_version(None)
    assert run.state == RunState.SUCCEEDED
    assert run.counts["users"]["total"] == 10
    assert version.run == run
    assert version_path(home, version).exists()


def test_the_next_import_stands_on_the_published_version(home: Settings, importer: FakeImporter) -> None:
    first = _import(home).version
    _import(home)
    assert importer.previous == [None, version_path(home, first)]
    assert InventoryVersion.objects.filter(current=True).count() == 1


def test_a_run_with_problems_publishes_and_says_so(home: Settings, importer: FakeImporter) -> None:
    run = _import(home, _package(outcome=Outcome.DENIED))
    assert run.state == RunState.SUCCEEDED_WITH_PROBLEMS
    assert "denied: activeUsers" in run.problem
    assert run.remedy == "Assign the role."
    assert choose_version(None).run == run


def test_a_held_run_leaves_the_published_version(home: Settings, importer: FakeImporter) -> None:
    first = _import(home)
    importer.held = HoldReason(before=10, removed=5, limit=0.2)
    held = _import(home)
    assert held.state == RunState.HELD
    assert f"seatbeacon import publish {held.pk}" in held.remedy
    assert choose_version(None).run == first


def test_a_held_run_can_be_published(home: Settings, importer: FakeImporter) -> None:
    _import(home)
    importer.held = HoldReason(before=10, removed=5, limit=0.2)
    held = _import(home)
    publish_held(home, held)
    assert held.state == RunState.SUCCEEDED
    assert choose_version(None).run == held
    with pytest.raises(WrongState, match="not held"):
        publish_held(home, held)


def test_a_held_run_can_be_discarded(home: Settings, importer: FakeImporter) -> None:
    first = _import(home)
    importer.held = HoldReason(before=10, removed=5, limit=0.2)
    held = _import(home)
    path = version_path(home, held.version)
    discard_held(home, held)
    assert held.state == RunState.CANCELLED
    assert not path.exists()
    assert choose_version(None).run == first


def test_a_held_run_is_not_published_over_a_newer_version(home: Settings, importer: FakeImporter) -> None:
    _import(home)
    importer.held = HoldReason(before=10, removed=5, limit=0.2)
    held = _import(home)
    importer.held = None
    newer = _import(home)
    with pytest.raises(StaleVersion, match=f"import discard {held.pk}"):
        publish_held(home, held)
    assert choose_version(None).run == newer
    held.refresh_from_db()
    assert held.state == RunState.HELD


def test_a_run_that_was_ended_meanwhile_publishes_nothing(
    home: Settings, importer: FakeImporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _import(home)
    run = create_run(None, Trigger.CLI)

    def interrupted(package: Package, **arguments: Any) -> ImportResult:
        move(ImportRun.objects.get(pk=run.pk), RunState.INTERRUPTED)
        return importer(package, **arguments)

    monkeypatch.setattr(merge, "import_package", interrupted)
    with pytest.raises(WrongState):
        merge_package(home, run, _package(), observer=Unobserved())
    assert choose_version(None).run == first
    assert InventoryVersion.objects.count() == 1


def test_a_file_that_no_version_names_is_swept(home: Settings, importer: FakeImporter) -> None:
    _import(home)
    orphan = home.inventory / TENANT / "v000009.duckdb"
    orphan.write_text("cut off")
    (home.inventory / TENANT / "v000010.duckdb.partial").write_text("cut off")
    _import(home)
    names = {path.name for path in (home.inventory / TENANT).glob("v*")}
    assert "v000009.duckdb" not in names
    assert not [name for name in names if "partial" in name]


def test_as_many_versions_are_kept_as_the_setting_says(home: Settings, importer: FakeImporter) -> None:
    for _ in range(home.keep_versions + 2):
        _import(home)
    assert InventoryVersion.objects.count() == home.keep_versions
    assert len(list((home.inventory / TENANT).glob("v*.duckdb"))) == home.keep_versions
    current = current_version(TENANT)
    assert current is not None
    assert version_path(home, current).exists()


def test_an_import_that_fails_ends_its_run_and_changes_nothing(
    home: Settings, importer: FakeImporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _import(home)
    run = create_run(None, Trigger.CLI)

    def full(*_: Any, **__: Any) -> ImportResult:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(merge, "import_package", full)
    with pytest.raises(OSError, match="No space"), ending(home, run):
        merge_package(home, run, _package(), observer=Unobserved())
    run.refresh_from_db()
    assert (run.state, run.problem) == (RunState.FAILED, "The disk is full.")
    assert choose_version(None).run == first


def test_a_tenant_is_chosen_by_id_or_name(home: Settings, importer: FakeImporter) -> None:
    with pytest.raises(NothingPublished, match="seatbeacon import run"):
        choose_version(None)
    _import(home)
    other = _import(home, _package(TENANT.replace("1", "9"), "Fabrikam"))
    with pytest.raises(SeveralTenants, match=r"Contoso .* Fabrikam"):
        choose_version(None)
    assert choose_version("fabrikam").run == other
    assert choose_version(TENANT.replace("1", "9")).run == other
    with pytest.raises(NoSuchTenant, match="Contoso"):
        choose_version("Northwind")


def test_one_goes_back_to_a_version_and_forth_again(
    home: Settings, importer: FakeImporter, audit: Callable[[], list[tuple[str, str, dict[str, Any]]]]
) -> None:
    first, second = _import(home).version, _import(home).version
    go_back(home, first)
    assert current_version(TENANT) == first
    assert audit()[-1] == ("inventory.gone-back", "Contoso", {"version": first.pk, "from_version": second.pk})
    # The next import goes on from it.
    third = _import(home).version
    assert importer.previous[-1] == version_path(home, first)
    assert (current_version(TENANT), third.base) == (third, first)
    go_back(home, second)
    assert current_version(TENANT) == second
    assert InventoryVersion.objects.filter(current=True).count() == 1


def test_what_was_held_on_a_version_that_was_left_is_stale(home: Settings, importer: FakeImporter) -> None:
    first = _import(home).version
    _import(home)
    importer.held = HoldReason(before=100, removed=40, limit=0.2)
    held = _import(home)
    go_back(home, first)
    with pytest.raises(StaleVersion):
        publish_held(home, held)


def test_one_goes_back_only_to_what_is_kept_published_and_not_current(
    home: Settings, importer: FakeImporter
) -> None:
    first, second = _import(home).version, _import(home).version
    with pytest.raises(WrongState, match="is the current one already"):
        go_back(home, second)
    importer.held = HoldReason(before=100, removed=40, limit=0.2)
    with pytest.raises(WrongState, match="was never published"):
        go_back(home, _import(home).version)
    version_path(home, first).unlink()
    with pytest.raises(NoSuchVersion, match="is not kept any more"):
        go_back(home, first)
    with pytest.raises(NoSuchVersion, match="There is no version 987654"):
        find_version(987654)
    assert current_version(TENANT) == second


def test_one_does_not_go_back_while_an_import_writes(home: Settings, importer: FakeImporter) -> None:
    first, second = _import(home).version, _import(home).version
    with present(home) as me, writing_tenant(home, me, TENANT), pytest.raises(RunIsActive):
        go_back(home, first)
    assert current_version(TENANT) == second
    go_back(home, first)
    assert current_version(TENANT) == first
