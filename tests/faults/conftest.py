from __future__ import annotations

# ruff: noqa: E402 - models can be imported once Django is set up
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatbeacon.beacon.django_settings")
django.setup()

from tests.faults.probe import Probe
from tests.faults.stage import Stage, new_stage
from tests.faults.world import World
from tests.secret_search import search_before_it_goes

from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

USERS = 45
PAGE = 10
EARLIER, TODAY = 0, 30


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """A small tenant whose listings have several pages each."""
    with Simulator(TenantOptions(users=USERS, page_size_cap=PAGE)) as running:
        yield running


@pytest.fixture(scope="module")
def world(simulator: Simulator) -> Iterator[World]:
    """Time that nobody waits for."""
    world = World()
    world.before_waking = lambda: (
        not any(listener._refuse.is_set() for listener in simulator._listeners.values())
    )
    with pytest.MonkeyPatch.context() as patch:
        world.rule(patch)
        yield world


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where the machine has that: thousands of imports need not wait for a disk."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    if not shared.is_dir():
        yield tmp_path_factory.mktemp("faults")
        return
    with tempfile.TemporaryDirectory(dir=shared, prefix="seatbeacon-") as folder:
        yield Path(folder)
        search_before_it_goes(Path(folder))


@pytest.fixture(scope="module")
def stage(memory: Path, simulator: Simulator, world: World) -> Iterator[Stage]:
    """A home with the inventory of an earlier day, each import of which is of today."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEATBEACON_GIVE_UP_AFTER", "60")
        stage = new_stage(memory / "home", simulator)
        simulator.set_day(EARLIER)
        with stage.lived_in():
            assert stage.imported().status == 0
            stage.keep()
            simulator.set_day(TODAY)
            simulator.journal.clear()
            yield stage


@pytest.fixture(scope="module")
def probe(stage: Stage, memory: Path) -> Iterator[Probe]:
    """Imports of `stage` that each begin where only what a fault can reach is left to be read."""
    with pytest.MonkeyPatch.context() as patch:
        probe = Probe(stage, memory / "whole")
        probe.prepare(patch)
        yield probe
