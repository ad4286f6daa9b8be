"""What became of each dataset, as it stands in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.models import RunState

if TYPE_CHECKING:
    from seatbeacon.collection.package import DatasetRecord, Manifest

TROUBLES = ("denied", "concealed", "failed")


def dataset_outcomes(manifest: Manifest) -> list[dict[str, Any]]:
    """The manifest's records as plain values, for the run's `datasets`."""
    return [_outcome(record) for record in manifest.datasets]


def is_problem(dataset: dict[str, Any]) -> bool:
    """Whether a person should act on it.

    What the cloud or plan does not offer, and what asks for more than the documented two permissions, is told
    and is no problem.
    """
    return dataset["outcome"] in TROUBLES and not (dataset["outcome"] == "denied" and dataset.get("extra"))


def state_of(datasets: list[dict[str, Any]]) -> RunState:
    """The state of a run that published, by its datasets."""
    problems = any(is_problem(dataset) for dataset in datasets)
    return RunState.SUCCEEDED_WITH_PROBLEMS if problems else RunState.SUCCEEDED


def problem_of(datasets: list[dict[str, Any]]) -> tuple[str, str]:
    """One sentence on what is missing and one on what to do, both empty where nothing is."""
    problems = [dataset for dataset in datasets if is_problem(dataset)]
    if not problems:
        return "", ""
    parts = []
    for outcome in TROUBLES:
        names = [dataset["name"] for dataset in problems if dataset["outcome"] == outcome]
        if names:
            parts.append(f"{outcome}: {', '.join(names)}")
    remedies = list(dict.fromkeys(dataset["remedy"] for dataset in problems if dataset["remedy"]))
    return f"Not everything could be read ({'; '.join(parts)}).", " ".join(remedies)


def _outcome(record: DatasetRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "outcome": record.outcome.value,
        "count": record.count,
        "required": record.required,
        "extra": record.extra,
        "refresh_date": record.refresh_date.isoformat() if record.refresh_date else None,
        "problem": record.problem,
        "permission": record.permission,
        "role": record.role,
        "remedy": record.remedy,
        "notes": list(record.notes),
    }
