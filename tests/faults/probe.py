"""One import after another with a fault each, held against an import without."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.faults.packages import Contents, begin, contents
from tests.faults.places import Place, places

from seatbeacon.beacon.imports import execute, merge
from seatbeacon.beacon.imports.outcome import is_problem
from seatbeacon.beacon.models import RunState
from seatbeacon.collection.collector import collect
from seatbeacon.collection.datasets import DATASETS
from seatbeacon.inventory.result import Counts, ImportResult

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    import pytest
    from tests.faults.kinds import Sort
    from tests.faults.stage import Ended, Stage

    from seatbeacon.collection.package import Manifest
    from seatbeacon.collection.package.reader import Package
    from seatbeacon.graph.client import GraphClient
    from seatbeacon.simulator.faults import Fault

STATUS = {RunState.SUCCEEDED: 0, RunState.SUCCEEDED_WITH_PROBLEMS: 3, RunState.FAILED: 1}
EARLY = "request before Retry-After ended"
CUT = "The last line has no end"


class Probe:
    """Imports of `stage` with faults. `whole` is the package of one without."""

    def __init__(self, stage: Stage, whole: Path) -> None:
        self.stage, self.whole = stage, whole
        self.expected: Contents = {}
        self.places: list[Place] = []
        self.shown = 0
        """How often the last run met a fault."""
        self._again: tuple[str, ...] = ()
        self.found: Contents | None = None

    def prepare(self, patch: pytest.MonkeyPatch) -> None:
        """Import once without a fault: what every request is, and what every package must hold."""
        stage = self.stage
        stage.simulator.journal.clear()
        assert stage.imported().status == 0
        self.places = places(stage.simulator.journal.entries)
        (package,) = (stage.home / "packages").iterdir()
        package.rename(self.whole)
        self.expected = contents(self.whole)
        stage.put_back()
        patch.setattr(execute, "collect", self._collect)
        patch.setattr(merge, "import_package", self._import_package)

    def _collect(self, client: GraphClient, folder: Path, *, resume: bool, **arguments: Any) -> Manifest:
        """Go on from a package that lacks what the fault can reach."""
        begin(self.whole, folder, without=self._again)
        wanted = [one for one in DATASETS if one.name in self.expected or one.name in self._again]
        return collect(client, folder, resume=True, **{**arguments, "datasets": wanted})

    def _import_package(self, package: Package, *, target: Path, **_: Any) -> ImportResult:
        """Stand in for the importer: note what it would have been given."""
        self.found = contents(package.folder)
        target.write_bytes(b"a version")
        none = Counts()
        return ImportResult(
            file=target, imported_at=datetime.now(UTC), users=none, licenses=none, assignments=none
        )

    def run(self, faults: Sequence[Fault], again: Collection[str]) -> Ended:
        """Import with `faults`, reading the datasets `again`. Checks everything that holds for any fault."""
        stage, simulator = self.stage, self.stage.simulator
        self._again, self.found = tuple(again), None
        simulator.journal.clear()
        simulator.faults.set(faults)
        before = stage.current_run()
        try:
            ended = stage.imported()
        finally:
            self.shown = simulator.faults.shown()
            simulator.faults.clear()
        stage.check_nothing_left()
        # Where a refusal breaks all connections, what the answer on one of them asked for never arrived.
        unheard = any(fault.kind == "refused" for fault in faults)
        wrong = [each for each in simulator.violations if not (unheard and each.startswith(EARLY))]
        assert not wrong, str(wrong)
        assert ended.status == STATUS[ended.state]
        if ended.state is RunState.FAILED:
            assert self.found is None, "it failed after it had gone on to the importer"
            assert stage.current_run() == before, "it failed, and something else is published"
            assert ended.told, "it failed, and does not say why"
        else:
            assert stage.current_run() == ended.run
            self._check_told(ended)
        stage.put_back()
        return ended

    def meets(self, sort: Sort, struck: Sequence[Place], wrong: list[str], *, for_good: bool = False) -> bool:
        """Import with a fault of that kind at each of the places: once, which the run must show and, where
        the kind passes there, be whole in spite of; or for good. Adds to `wrong` what is not as it must be.
        Gives False where the run was not whole."""
        faults = [place.fault(sort.kind, for_good=for_good, **sort.options) for place in struck]
        try:
            ended = self.run(faults, {name for place in struck for name in place.datasets})
            whole = self.is_whole(ended)
            if for_good:
                # A wait that ends too soon on a slow machine may end the run before the fault's turn.
                assert self.shown or sort.kind == "stall", "it was never asked for"
            else:
                assert self.shown == len(struck), f"{self.shown} of {len(struck)} were asked for"
                must_pass = all(sort.passes_at(place) for place in struck)
                assert whole or not must_pass, f"{ended.state}: {ended.told}"
        except AssertionError as error:
            wrong.append(f"{sort} at {', '.join(map(str, struck))}: {error}")
            return True
        return whole

    def _check_told(self, ended: Ended) -> None:
        """What was published is whole, dataset by dataset, or said to be missing."""
        assert self.found is not None
        for name, outcome in ended.outcomes.items():
            if outcome["outcome"] == "collected":
                found, expected = self.found[name], self.expected[name]
                cut = any(CUT in note for note in outcome["notes"])
                # A report that is cut each time at the same byte, its length with it, cannot be told from one
                # that has no end of its own; the run says that it had none.
                whole = found == expected or (cut and len(found - expected) == 1)
                assert whole, f"{name} is not whole"
                continue
            assert name not in self.found
            assert outcome["problem"], f"{name} is {outcome['outcome']}, and nobody says why"
            if is_problem(outcome):
                assert name in ended.told
                assert ended.status == 3

    def is_whole(self, ended: Ended) -> bool:
        """Whether the run read everything."""
        return ended.status == 0 and self.found == self.expected
