"""What `package show` tells of a package, as data."""

from __future__ import annotations

from datetime import date, datetime  # noqa: TC003 - msgspec reads the annotations
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from seatbeacon.collection.package.manifest import Manifest


class DatasetLine(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset of a package: counts in objects or report rows, sizes in bytes."""

    dataset: str
    outcome: str
    count: int
    bytes: int
    seconds: float | None
    refresh_date: date | None
    told: str
    """The problem and the remedy, or the notes: what a person should read."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A package in a few lines; times are aware UTC."""

    tenant_id: str | None
    tenant_name: str | None
    connection: str
    cloud: str
    status: str
    created_by: str
    started_at: datetime
    ended_at: datetime | None
    requests: int
    throttled_seconds: float
    bytes: int
    missing_required: tuple[str, ...]
    datasets: tuple[DatasetLine, ...]


def summary(manifest: Manifest) -> Summary:
    """The manifest, boiled down for reading."""
    lines = tuple(
        DatasetLine(
            dataset=record.name,
            outcome=str(record.outcome),
            count=record.count,
            bytes=record.bytes,
            seconds=(record.ended_at - record.started_at).total_seconds()
            if record.started_at and record.ended_at
            else None,
            refresh_date=record.refresh_date,
            told=" ".join(part for part in (record.problem, record.remedy, *record.notes) if part),
        )
        for record in manifest.datasets
    )
    return Summary(
        tenant_id=manifest.tenant.id if manifest.tenant else None,
        tenant_name=manifest.tenant.display_name if manifest.tenant else None,
        connection=manifest.connection,
        cloud=manifest.cloud,
        status=manifest.status,
        created_by=manifest.created_by,
        started_at=manifest.started_at,
        ended_at=manifest.ended_at,
        requests=manifest.requests,
        throttled_seconds=manifest.throttled_seconds,
        bytes=sum(line.bytes for line in lines),
        missing_required=manifest.missing_required,
        datasets=lines,
    )
