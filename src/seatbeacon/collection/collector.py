"""Collecting a tenant into a package.

1. The organization says whose tenant it is; a tenant other than the expected one ends it before anything
else is read.
2. All other datasets are read side by side, each to an outcome of its own.
3. The manifest is complete once every dataset has its outcome, whatever it is.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon import __version__
from seatbeacon.collection.datasets import BY_NAME, DATASETS, Dataset, Kind
from seatbeacon.collection.errors import DatasetError, ForeignTenant, UnreadableObjects
from seatbeacon.collection.lanes import Halt, Lanes, run_all
from seatbeacon.collection.outcomes import CONCEALED_PROBLEM, CONCEALED_REMEDY, ENDS_THE_RUN, outcome_of
from seatbeacon.collection.package.manifest import DatasetRecord, Manifest, Outcome, TenantIdentity
from seatbeacon.collection.package.writer import PackageWriter
from seatbeacon.collection.planning import Planner
from seatbeacon.collection.progress import Progress, Tally
from seatbeacon.collection.readers.listing import read_listing
from seatbeacon.collection.readers.per_object import read_per_object
from seatbeacon.collection.readers.reading import Reading, Result
from seatbeacon.collection.readers.report import read_report
from seatbeacon.collection.readers.single import read_object
from seatbeacon.collection.readers.users import read_users
from seatbeacon.graph.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from seatbeacon.graph.client import GraphClient
    from seatbeacon.graph.clouds import Cloud

logger = logging.getLogger(__name__)

PARALLEL = 12
"""Connections to Graph at a time. Latency, not Graph's quota, is the bound; more brought nothing."""


def collect(
    client: GraphClient,
    folder: Path,
    *,
    connection: str,
    cloud: Cloud,
    expected_tenant: str | None = None,
    parallel: int = PARALLEL,
    progress: Callable[[Progress], None] | None = None,
    check_cancelled: Callable[[], None] | None = None,
    resume: bool = False,
    datasets: Sequence[Dataset] = DATASETS,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Manifest:
    """Read the tenant that `client` is signed in to into a package in `folder`, and give its manifest.

    `connection` is the connection's name, `expected_tenant` the tenant id it led to before. `progress` is
    called from any thread; `check_cancelled` raises to stop, and is called at every page. With `resume` the
    datasets that stand whole in `folder` are not read again, and a complete package is left as it is.

    A manifest with status *complete* says for each dataset what became of it: look at `missing_required` and
    `problems`. Raised, with the package left *collecting* so that it can be resumed: `ForeignTenant`,
    `Unwritable` (`DiskFull`), `PackageError`, SignInError, Unauthorized, Cancelled, and what the
    organization's reading raises.
    """
    writer = PackageWriter.start(
        folder,
        connection=connection,
        cloud=cloud.name,
        created_by=f"seatbeacon {__version__}",
        now=now(),
        resume=resume,
    )
    if writer.manifest.status == "complete":
        _expect(writer.manifest.tenant, expected_tenant)
        return writer.manifest
    run = _Run(client, writer, cloud, parallel, progress, check_cancelled, now)
    run.read_organization(expected_tenant)
    rest = [dataset for dataset in datasets if dataset.name != "organization" and dataset.parent is None]
    children = [dataset for dataset in datasets if dataset.parent is not None]
    jobs = [
        partial(run.read_family, dataset, [each for each in children if each.parent == dataset.name])
        for dataset in rest
    ]
    if jobs:
        run_all(jobs, workers=len(jobs), halt=run.halt, name="dataset")
    return writer.complete(
        now(), requests=client.stats.requests, throttled_seconds=client.stats.throttled_seconds
    )


class _Run:
    """One collection: what all its datasets share."""

    def __init__(
        self,
        client: GraphClient,
        writer: PackageWriter,
        cloud: Cloud,
        parallel: int,
        progress: Callable[[Progress], None] | None,
        check_cancelled: Callable[[], None] | None,
        now: Callable[[], datetime],
    ) -> None:
        self.client = client
        self.writer = writer
        self.cloud = cloud
        self.lanes = Lanes(parallel)
        self.halt = Halt(check_cancelled=check_cancelled)
        self.planner = Planner(client, self.lanes, self.halt)
        self.progress = progress
        self.now = now

    def read_organization(self, expected_tenant: str | None) -> None:
        """Whose tenant it is. Raises whatever keeps us from knowing."""
        dataset = BY_NAME["organization"]
        record = self._read(dataset, ends_the_run=(GraphError, DatasetError))
        organizations = (self.writer.folder / dataset.schema.file).read_bytes().splitlines()
        if not organizations:
            raise UnreadableObjects(
                "Graph names no organization for this sign-in.",
                "Sign in with an account of the tenant that is to be read.",
            )
        tenant = _tenant(_ORGANIZATION.decode(organizations[-1]))
        _expect(tenant, expected_tenant)
        self.writer.belongs_to(tenant)
        self._record(record)

    def read_family(self, dataset: Dataset, children: Sequence[Dataset]) -> None:
        """Read a dataset, then those that go through its objects."""
        record = self.read(dataset)
        for child in children:
            if record.outcome is Outcome.COLLECTED:
                self.read(child)
            else:
                Tally(child.name, self.progress).finish(record.outcome, 0)
                self._record(
                    msgspec.structs.replace(
                        record,
                        name=child.name,
                        required=child.required,
                        extra=child.extra,
                        problem=f"{dataset.name} could not be read: {record.problem}",
                        requests=0,
                    )
                )

    def read(self, dataset: Dataset) -> DatasetRecord:
        """Read one dataset to its outcome, and put that into the manifest."""
        if (kept := self.writer.kept(dataset.name)) is not None:
            Tally(dataset.name, self.progress).finish(kept.outcome, kept.count)
            return kept
        if dataset.clouds == "reports" and not self.cloud.reports:
            record = DatasetRecord(
                name=dataset.name,
                outcome=Outcome.UNAVAILABLE,
                required=dataset.required,
                extra=dataset.extra,
                problem=f"Usage reports do not exist in this cloud ({self.cloud.label}).",
            )
            Tally(dataset.name, self.progress).finish(record.outcome, 0)
        else:
            record = self._read(dataset)
        self._record(record)
        return record

    def _record(self, record: DatasetRecord) -> None:
        stats = self.client.stats
        self.writer.record(record, requests=stats.requests, throttled_seconds=stats.throttled_seconds)
        told = f"{record.name}: {record.outcome.value}, {record.count:,} in {record.requests:,} requests."
        level = logging.INFO if record.outcome is Outcome.COLLECTED else logging.WARNING
        logger.log(level, " ".join(filter(None, (told, record.problem, record.remedy, *record.notes))))

    def _read(
        self, dataset: Dataset, ends_the_run: tuple[type[Exception], ...] = ENDS_THE_RUN
    ) -> DatasetRecord:
        self.halt.check()
        started = self.now()
        client = self.client.part()
        tally = Tally(dataset.name, self.progress)
        file = self.writer.file(dataset.name)
        reading = Reading(
            dataset, client, file, self.lanes, self.halt, tally, self.planner, self.writer.folder
        )
        with reading:
            try:
                fields = self._finish(reading, self._dispatch(reading))
            except ends_the_run:
                raise
            except (GraphError, DatasetError) as error:
                fields = outcome_of(error, dataset)
        record = DatasetRecord(
            name=dataset.name,
            required=dataset.required,
            extra=dataset.extra,
            requests=client.stats.requests,
            started_at=started,
            ended_at=self.now(),
            **fields,
        )
        tally.finish(record.outcome, record.count)
        return record

    def _dispatch(self, reading: Reading) -> Result:
        kind = reading.dataset.kind
        if kind is Kind.PER_OBJECT:
            parent = BY_NAME[reading.dataset.parent or ""]
            return read_per_object(reading, self.writer.folder / parent.schema.file)
        readers = {
            Kind.OBJECT: read_object,
            Kind.LISTING: read_listing,
            Kind.SHARDED: read_users,
            Kind.REPORT: read_report,
        }
        return readers[kind](reading)

    def _finish(self, reading: Reading, result: Result) -> dict[str, Any]:
        told: dict[str, Any] = {
            "count": result.count,
            "notes": result.notes,
            "refresh_date": result.refresh_date,
        }
        if result.concealed:
            return {
                **told,
                "outcome": Outcome.CONCEALED,
                "problem": CONCEALED_PROBLEM,
                "remedy": CONCEALED_REMEDY,
            }
        facts = reading.file.finish()
        return {
            **told,
            "outcome": Outcome.COLLECTED,
            "file": reading.file.name,
            "lines": reading.file.lines,
            "bytes": facts.bytes,
            "checksum": facts.checksum,
        }


class _Domain(msgspec.Struct):
    name: str = ""
    is_default: bool = msgspec.field(default=False, name="isDefault")


class _Organization(msgspec.Struct):
    id: str
    display_name: str | None = msgspec.field(default=None, name="displayName")
    country: str | None = msgspec.field(default=None, name="countryLetterCode")
    domains: list[_Domain] | None = msgspec.field(default=None, name="verifiedDomains")


# Made at import: msgspec learns a Struct at its first use, and two threads that do so at once may crash.
_ORGANIZATION = msgspec.json.Decoder(_Organization)


def _tenant(organization: _Organization) -> TenantIdentity:
    domains = [domain.name for domain in organization.domains or () if domain.is_default]
    return TenantIdentity(
        id=organization.id,
        display_name=organization.display_name or organization.id,
        default_domain=next(iter(domains), None),
        country=organization.country,
    )


def _expect(tenant: TenantIdentity | None, expected: str | None) -> None:
    if expected is not None and tenant is not None and tenant.id.lower() != expected.lower():
        raise ForeignTenant(
            f"The sign-in led to the tenant {tenant.display_name} ({tenant.id}), but this connection reads "
            f"{expected}.",
            "Sign in with an account of that tenant, or make another connection for this one.",
            expected=expected,
            found=tenant.id,
        )
