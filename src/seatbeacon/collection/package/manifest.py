"""The manifest of a package, as it stands in `manifest.json`."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - msgspec reads the annotations
from enum import StrEnum
from typing import Final, Literal

import msgspec

PACKAGE_FORMAT: Final = "seatbeacon-package"
PACKAGE_VERSION = 2
MANIFEST_NAME = "manifest.json"

REQUIRED_DATASETS = ("organization", "users", "subscribedSkus")
"""Without these there is no inventory: a run that lacks one has failed."""


class Outcome(StrEnum):
    """How the reading of one dataset ended. Only *collected* data replaces what an inventory holds."""

    COLLECTED = "collected"
    DENIED = "denied"
    """A permission or a role is missing; `DatasetRecord.permission` names it."""
    UNAVAILABLE = "unavailable"
    """Not in this cloud, or the tenant lacks the plan."""
    CONCEALED = "concealed"
    """A report whose names are hashed: it came, and nobody in it can be known."""
    FAILED = "failed"
    """Given up after retries."""


class TenantIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Whose data a package holds, from Graph's `organization`."""

    id: str
    display_name: str
    default_domain: str | None = None
    country: str | None = None


class DatasetRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one dataset.

    `count` is of distinct objects (by id), or of data rows for a report; `lines` counts what stands in the
    file, objects that Graph repeated included. `checksum` (`kind:hex`) and `bytes` describe `file`, which is
    None where nothing was kept. `required` datasets fail a run; `extra` ones ask for a permission beyond the
    documented two, so that their denial is told and is no problem.
    """

    name: str
    outcome: Outcome
    required: bool = False
    extra: bool = False
    file: str | None = None
    count: int = 0
    lines: int = 0
    bytes: int = 0
    checksum: str | None = None
    requests: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    refresh_date: date | None = None
    """Reports: the last day the report covers (`Report Refresh Date`)."""
    problem: str | None = None
    permission: str | None = None
    """The permission the dataset needs, where it was denied."""
    role: str | None = None
    """The directory role that the signed-in account lacks, where that may be why it was denied."""
    remedy: str | None = None
    notes: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The head of a package. `status` is *collecting* until every dataset has its outcome."""

    format: Literal["seatbeacon-package"] = PACKAGE_FORMAT
    version: int = PACKAGE_VERSION
    status: Literal["collecting", "complete"] = "collecting"
    created_by: str = ""
    """Name and version of the program that wrote it."""
    connection: str = ""
    cloud: str = ""
    tenant: TenantIdentity | None = None
    started_at: datetime
    ended_at: datetime | None = None
    requests: int = 0
    throttled_seconds: float = 0.0
    datasets: tuple[DatasetRecord, ...] = ()

    @property
    def missing_required(self) -> tuple[str, ...]:
        """Names of the required datasets that were not collected: with any, there is nothing to import."""
        collected = {record.name for record in self.datasets if record.outcome is Outcome.COLLECTED}
        return tuple(name for name in REQUIRED_DATASETS if name not in collected)

    @property
    def problems(self) -> tuple[DatasetRecord, ...]:
        """The records a person should act on: denied (unless `extra`), concealed and failed ones."""
        return tuple(
            record
            for record in self.datasets
            if record.outcome in (Outcome.CONCEALED, Outcome.FAILED)
            or (record.outcome is Outcome.DENIED and not record.extra)
        )

    def dataset(self, name: str) -> DatasetRecord | None:
        """The record of the dataset `name`, or None where the package has none."""
        return next((record for record in self.datasets if record.name == name), None)
