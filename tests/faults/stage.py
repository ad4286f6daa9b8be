"""A home with a published inventory, its simulated tenant, and imports that all begin alike."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connections

from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection
from seatbeacon.beacon.errors import NothingPublished
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import ACTIVE_STATES, Connection, ImportRun, InventoryVersion, RunState, Trigger
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.settings import Settings, load_settings
from seatbeacon.beacon.start import start
from seatbeacon.cli.ending import FAILED, exit_status
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.kinds import Sort

    from seatbeacon.simulator.server import Simulator

NAME = "Contoso"


@dataclass(frozen=True)
class Ended:
    """How an import ended: exit status, state, and what it says is missing, dataset by dataset."""

    status: int
    state: RunState
    told: str
    outcomes: dict[str, dict[str, Any]]
    run: int


@dataclass
class Stage:
    """A home; made once, and put back to how it was before each import."""

    home: Path
    simulator: Simulator
    settings: Settings = field(init=False)
    _kept: Path = field(init=False)
    _files: dict[Path, tuple[int, int, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Where the beginning is kept."""
        self._kept = self.home.with_name(f"{self.home.name}-kept")

    @property
    def published(self) -> Path:
        """The file of the version that readers see."""
        return version_path(self.settings, choose_version(None))

    def add_connection(self, account: str) -> None:
        """A connection to the tenant, signed in as `account`."""
        with self.lived_in():
            given = Given(
                token_endpoint=self.simulator.token_endpoint,
                authorization_endpoint=self.simulator.authorization_endpoint,
                redirect_uri=self.simulator.redirect_uri,
                graph_root=self.simulator.graph_root,
            )
            token = Secret(self.simulator.issue_refresh_token(account))
            ring = load_key_ring(self.settings)
            add_connection(ring, NAME, given, GivenSecrets(refresh_token=token))

    @contextlib.contextmanager
    def lived_in(self) -> Iterator[None]:
        """Make this home the one of the process, as its environment does for a command."""
        before = os.environ["SEATBEACON_HOME"]
        database = connections["default"].settings_dict
        name, database["NAME"] = database["NAME"], str(self.home / "seatbeacon.sqlite3")
        os.environ["SEATBEACON_HOME"] = str(self.home)
        connections.close_all()
        try:
            self.settings = start()
            yield
        finally:
            connections.close_all()
            database["NAME"] = name
            os.environ["SEATBEACON_HOME"] = before

    def keep(self) -> None:
        """Let every further import begin as things are now."""
        connections.close_all()
        shutil.rmtree(self._kept, ignore_errors=True)
        self._kept.mkdir()
        for path in self.home.glob("seatbeacon.sqlite3*"):
            shutil.copyfile(path, self._kept / path.name)
        self._files = self.files()

    def put_back(self) -> None:
        """Begin again as things were when they were kept. The version that was published is still there."""
        connections.close_all()
        for path in self.home.glob("seatbeacon.sqlite3*"):
            path.unlink()
        for path in self._kept.iterdir():
            shutil.copyfile(path, self.home / path.name)
        for path in self.files().keys() - self._files.keys():
            path.unlink()
        assert self.files() == self._files, "the version that was published has changed"
        shutil.rmtree(self.home / "packages", ignore_errors=True)

    def files(self) -> dict[Path, tuple[int, int, int]]:
        """Every file of the inventory, by what changes when it is written: inode, length and time."""
        found = [path for path in (self.home / "inventory").rglob("*") if path.is_file()]
        stats = {path: path.stat() for path in found}
        return {path: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for path, stat in stats.items()}

    @contextlib.contextmanager
    def patient(self, sort: Sort, *, for_good: bool = False) -> Iterator[None]:
        """Wait for answers as short as a fault that keeps us waiting in earnest can bear; for one that lasts
        shorter still, and only twice."""
        before = self.settings
        if sort.kind == "stall":
            # What is whole in spite of it must come in that time, on a busy machine too.
            self.settings = replace(before, read_timeout=0.5)
            if for_good:
                self.settings = replace(before, read_timeout=0.15, give_up_after=1.0)
        try:
            yield
        finally:
            self.settings = before

    def imported(self, *, check_cancelled: Callable[[], None] | None = None) -> Ended:
        """Import the connection as `seatbeacon import run` does, and tell how it ended."""
        connection = Connection.objects.get(name=NAME)
        try:
            run = run_import(self.settings, connection, Trigger.CLI, check_cancelled=check_cancelled)
            status = exit_status(run)
        except Exception:  # noqa: BLE001 - whatever it is, the run must tell it
            status = FAILED
        return self.ended(status)

    def ended(self, status: int) -> Ended:
        """How the last run ended, by what stands in the control plane."""
        run = ImportRun.objects.latest("pk")
        outcomes = {one["name"]: one for one in run.datasets}
        return Ended(status, RunState(run.state), f"{run.problem} {run.remedy}".strip(), outcomes, run.pk)

    def check_nothing_left(self) -> None:
        """No half-written file, no run under way, and every version's file is there and no other."""
        left = [path for path in self.home.rglob("*") if ".part" in path.name]
        assert not left, f"left over: {left}"
        assert not ImportRun.objects.filter(state__in=ACTIVE_STATES).exists(), "a run is still under way"
        known = {version_path(self.settings, version) for version in InventoryVersion.objects.all()}
        assert known == set(self.files()), "there are versions without a file, or files without a version"
        packages = {path.name for path in (self.home / "packages").glob("*")}
        kept = {Path(run.package).name for run in ImportRun.objects.exclude(package="")}
        assert packages <= kept, f"packages of no run: {packages - kept}"

    def current_run(self) -> int | None:
        """The number of the run whose version is published."""
        with contextlib.suppress(NothingPublished):
            return choose_version(None).run_id
        return None


def new_stage(home: Path, simulator: Simulator, *, account: str = "reports-reader") -> Stage:
    """A home without an inventory, connected to `simulator`."""
    stage = Stage(home, simulator)
    stage.settings = load_settings()
    stage.add_connection(account)
    return stage
