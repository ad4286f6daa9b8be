"""An import as steps: where it stands, where it failed, and what it changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from seatbeacon.beacon.models import ImportRun, RunState
from seatbeacon.web.pages.imports.steps import (
    DONE,
    FAILED,
    HELD,
    PROBLEMS,
    STOPPED,
    UNDER_WAY,
    WAITING,
    differences,
    steps,
)

NOW = datetime(2026, 5, 4, tzinfo=UTC)
GOOD = {"name": "users", "outcome": "collected", "required": True, "extra": False}
DENIED = {"name": "activeUsers", "outcome": "denied", "required": False, "extra": False}
OPTIONAL = DENIED | {"extra": True}
LOST = GOOD | {"outcome": "failed"}
COUNTS = {"users": {"total": 10, "added": 2, "removed": 1, "changed": 3}}


@pytest.mark.parametrize(
    ("fields", "looks"),
    [
        ({"state": RunState.QUEUED}, [UNDER_WAY, WAITING, WAITING, WAITING]),
        ({"state": RunState.RUNNING, "started_at": NOW}, [DONE, UNDER_WAY, WAITING, WAITING]),
        (
            {
                "state": RunState.RUNNING,
                "started_at": NOW,
                "datasets": [GOOD],
                "progress": {"phase": "importing"},
            },
            [DONE, DONE, UNDER_WAY, WAITING],
        ),
        (
            {"state": RunState.SUCCEEDED, "started_at": NOW, "datasets": [GOOD, OPTIONAL], "counts": COUNTS},
            [DONE, DONE, DONE, DONE],
        ),
        (
            {
                "state": RunState.SUCCEEDED_WITH_PROBLEMS,
                "started_at": NOW,
                "datasets": [GOOD, DENIED],
                "counts": COUNTS,
            },
            [DONE, PROBLEMS, DONE, DONE],
        ),
        (
            {"state": RunState.HELD, "started_at": NOW, "datasets": [GOOD], "counts": COUNTS},
            [DONE, DONE, DONE, HELD],
        ),
        (
            {"state": RunState.CANCELLED, "started_at": NOW, "datasets": [GOOD], "counts": COUNTS},
            [DONE, DONE, DONE, STOPPED],
        ),
        ({"state": RunState.FAILED, "started_at": NOW}, [DONE, FAILED, WAITING, WAITING]),
        ({"state": RunState.FAILED, "started_at": NOW, "datasets": [LOST]}, [DONE, FAILED, WAITING, WAITING]),
        ({"state": RunState.FAILED, "started_at": NOW, "datasets": [GOOD]}, [DONE, DONE, FAILED, WAITING]),
        ({"state": RunState.CANCELLED}, [STOPPED, WAITING, WAITING, WAITING]),
        ({"state": RunState.CANCELLED, "started_at": NOW}, [DONE, STOPPED, WAITING, WAITING]),
    ],
)
def test_each_step_tells_how_far_the_run_came(fields: dict[str, Any], looks: list[object]) -> None:
    assert [step.look for step in steps(ImportRun(queued_at=NOW, **fields))] == looks


def test_the_difference_tells_what_was_added_removed_and_changed() -> None:
    (users,) = differences(ImportRun(counts=COUNTS))
    assert (users.label, users.total, users.added, users.removed, users.changed) == ("Users", 10, 2, 1, 3)
    assert users.anything
    # What an older version of the program stored may lack some of it.
    (bare,) = differences(ImportRun(counts={"licenses": {"total": 4}, "assignments": {"added": 1}}))
    assert (bare.name, bare.anything) == ("licenses", False)
