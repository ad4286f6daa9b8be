from __future__ import annotations

from datetime import UTC, date, datetime

from seatbeacon.beacon.imports.outcome import dataset_outcomes, problem_of, state_of
from seatbeacon.beacon.models import RunState
from seatbeacon.collection.package import DatasetRecord, Manifest, Outcome

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def _outcomes(*records: DatasetRecord) -> list[dict[str, object]]:
    return dataset_outcomes(Manifest(started_at=NOW, datasets=records))


def _record(name: str, outcome: Outcome, *, extra: bool = False, remedy: str | None = None) -> DatasetRecord:
    return DatasetRecord(name=name, outcome=outcome, extra=extra, remedy=remedy)


def test_a_run_that_read_everything_succeeded() -> None:
    outcomes = _outcomes(_record("users", Outcome.COLLECTED))
    assert state_of(outcomes) is RunState.SUCCEEDED
    assert problem_of(outcomes) == ("", "")


def test_what_the_tenant_does_not_have_is_no_problem() -> None:
    outcomes = _outcomes(
        _record("copilotUsage", Outcome.UNAVAILABLE),
        _record("signInActivity", Outcome.DENIED, extra=True),
    )
    assert state_of(outcomes) is RunState.SUCCEEDED


def test_each_trouble_makes_a_run_with_problems() -> None:
    for outcome in (Outcome.DENIED, Outcome.CONCEALED, Outcome.FAILED):
        outcomes = _outcomes(_record("users", Outcome.COLLECTED), _record("activeUsers", outcome))
        assert state_of(outcomes) is RunState.SUCCEEDED_WITH_PROBLEMS


def test_what_is_missing_is_told_with_each_remedy_once() -> None:
    outcomes = _outcomes(
        _record("a", Outcome.DENIED, remedy="Assign the role."),
        _record("b", Outcome.DENIED, remedy="Assign the role."),
        _record("c", Outcome.FAILED, remedy="Try again."),
    )
    problem, remedy = problem_of(outcomes)
    assert problem == "Not everything could be read (denied: a, b; failed: c)."
    assert remedy == "Assign the role. Try again."


def test_dates_are_kept_as_text() -> None:
    record = DatasetRecord(name="activeUsers", outcome=Outcome.COLLECTED, refresh_date=date(2026, 8, 30))
    assert _outcomes(record)[0]["refresh_date"] == "2026-08-30"
