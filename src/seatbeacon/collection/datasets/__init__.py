"""Every dataset that Seatbeacon reads, declared as data. To add one: declare it here, its file in
`SCHEMAS`."""

from __future__ import annotations

from seatbeacon.collection.datasets.dataset import EVENTUAL, Dataset, DatasetRequest, Keep, Kind
from seatbeacon.collection.datasets.directory import DIRECTORY
from seatbeacon.collection.datasets.usage import USAGE

DATASETS: tuple[Dataset, ...] = (*DIRECTORY, *USAGE)
BY_NAME: dict[str, Dataset] = {dataset.name: dataset for dataset in DATASETS}

__all__ = ["BY_NAME", "DATASETS", "EVENTUAL", "Dataset", "DatasetRequest", "Keep", "Kind"]
