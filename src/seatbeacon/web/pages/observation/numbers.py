"""The numbers for Prometheus, read from the control plane when they are asked for: whichever process answers
tells the same, and nothing is lost at a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, FloatField, Func, Max, Min, OuterRef, Q, Subquery, Sum
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
)
from prometheus_client.registry import Collector

from seatbeacon import __version__
from seatbeacon.beacon.models import Connection, ImportRun, InventoryVersion, RunState, Worker, WorkerKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.core import Metric

BUCKETS = (1, 5, 15, 60, 300, 900, 3600, 14_400)
"""Upper ends of the durations of runs, in seconds."""


def metrics_text() -> bytes:
    """All metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Numbers(datetime.now(UTC)))
    return generate_latest(registry)


class _Seconds(Func):
    """Seconds from one time to another, by the database itself: Django takes times of SQLite apart in Python,
    once for each bucket and run."""

    output_field = FloatField()
    template = "EXTRACT(EPOCH FROM (%(expressions)s))"
    arg_joiner = " - "

    def __init__(self, begins: F, ends: F) -> None:
        super().__init__(ends, begins)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As days, to the millisecond, told in seconds."""
        template = "ROUND((julianday(%(expressions)s)) * 86400.0, 3)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **context)


class _Numbers(Collector):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def describe(self) -> list[Metric]:
        """Nothing ahead of time: registering asks the database for nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("seatbeacon", "The program.", {"version": __version__})
        yield from self._runs()
        yield self._durations()
        yield from self._connections()
        yield self._data()
        yield from self._queue()
        yield from self._workers()

    def _runs(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("seatbeacon_import_runs", "Import runs by state.", labels=["state"])
        counted = dict(ImportRun.objects.values_list("state").annotate(Count("pk")))
        for state in RunState.values:
            states.add_metric([state], counted.get(state, 0))
        yield states
        sums = ImportRun.objects.aggregate(requests=Sum("requests"), throttled=Sum("throttled_seconds"))
        yield CounterMetricFamily(
            "seatbeacon_graph_requests", "Requests to Microsoft Graph.", value=sums["requests"] or 0
        )
        yield CounterMetricFamily(
            "seatbeacon_graph_throttled_seconds",
            "Seconds for which Microsoft Graph asked to wait.",
            value=sums["throttled"] or 0,
        )

    def _durations(self) -> Metric:
        length = _Seconds(F("started_at"), F("ended_at"))
        within = {f"within_{seconds}": Count("pk", filter=Q(length__lte=seconds)) for seconds in BUCKETS}
        over = ImportRun.objects.filter(started_at__isnull=False, ended_at__isnull=False)
        found = over.annotate(length=length).aggregate(all=Count("pk"), total=Sum("length"), **within)
        counts = [(f"{seconds:.1f}", found[f"within_{seconds}"]) for seconds in BUCKETS]
        metric = HistogramMetricFamily("seatbeacon_import_duration_seconds", "How long import runs took.")
        metric.add_metric([], [*counts, ("+Inf", found["all"])], float(found["total"] or 0))
        return metric

    def _connections(self) -> Iterator[Metric]:
        state = GaugeMetricFamily(
            "seatbeacon_connection_last_run_state",
            "1 for the state of a connection's newest run.",
            labels=["connection", "state"],
        )
        ended = GaugeMetricFamily(
            "seatbeacon_connection_last_run_ended_timestamp_seconds",
            "When a connection's newest run that is over ended.",
            labels=["connection"],
        )
        runs = ImportRun.objects.filter(connection__isnull=False)
        # A step into an index for each connection, however many runs there were; and no row is read whole.
        of_it = ImportRun.objects.filter(connection=OuterRef("pk")).order_by("-pk")
        newest = Connection.objects.annotate(
            told_name=Subquery(of_it.values("connection_name")[:1]),
            told_state=Subquery(of_it.values("state")[:1]),
        )
        for name, told in newest.values_list("told_name", "told_state").order_by("told_name"):
            if told is not None:
                state.add_metric([name, told], 1)
        latest = runs.values_list("connection_name").annotate(Max("ended_at")).order_by("connection_name")
        for name, at in latest:
            if at is not None:
                ended.add_metric([name], at.timestamp())
        yield state
        yield ended

    def _data(self) -> Metric:
        age = GaugeMetricFamily(
            "seatbeacon_tenant_data_age_seconds",
            "Age of a tenant's published inventory.",
            labels=["tenant", "name"],
        )
        current = InventoryVersion.objects.filter(current=True).order_by("pk")
        for tenant, name, at in current.values_list("tenant_id", "tenant__display_name", "created_at"):
            age.add_metric([tenant, name], (self._now - at).total_seconds())
        return age

    def _queue(self) -> Iterator[Metric]:
        waiting = ImportRun.objects.filter(state=RunState.QUEUED)
        found = waiting.aggregate(length=Count("pk"), oldest=Min("queued_at"))
        yield GaugeMetricFamily(
            "seatbeacon_queue_length", "Import runs that wait for a worker.", value=found["length"]
        )
        oldest = (self._now - found["oldest"]).total_seconds() if found["oldest"] else 0.0
        yield GaugeMetricFamily(
            "seatbeacon_queue_oldest_seconds", "How long the first of them has waited.", value=oldest
        )

    def _workers(self) -> Iterator[Metric]:
        heard = GaugeMetricFamily(
            "seatbeacon_worker_heartbeat_age_seconds",
            "Seconds since a worker was last heard of.",
            labels=["worker", "host", "pid"],
        )
        for worker in Worker.objects.filter(kind=WorkerKind.WORKER).order_by("started_at"):
            age = (self._now - worker.heard_at).total_seconds()
            heard.add_metric([worker.id, worker.host, str(worker.pid)], age)
        yield heard
