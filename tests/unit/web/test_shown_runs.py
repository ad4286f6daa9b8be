from __future__ import annotations

from seatbeacon.beacon.models import ImportRun
from seatbeacon.web.pages.imports.runs import runs_with_sums


def dataset(**values: object) -> dict[str, object]:
    return {"name": "some", "outcome": "denied", "problem": "Refused.", "remedy": "Grant it."} | values


def test_an_optional_permission_that_was_not_granted_is_no_problem() -> None:
    run = ImportRun(datasets=[dataset(extra=True, permission="AuditLog.Read.All")])
    (shown,) = runs_with_sums([run])
    assert shown.problems == 0
    assert shown.datasets[0].label == "Not granted"
    assert shown.datasets[0].permission == "AuditLog.Read.All"
    assert "Refused." not in shown.datasets[0].problem


def test_a_denied_dataset_is_a_problem_with_its_remedy() -> None:
    (shown,) = runs_with_sums([ImportRun(datasets=[dataset(extra=False)])])
    assert shown.problems == 1
    assert (shown.datasets[0].label, shown.datasets[0].remedy) == ("Denied", "Grant it.")
