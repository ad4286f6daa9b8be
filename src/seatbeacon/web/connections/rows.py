"""Connections as the list shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, CharField, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf

from seatbeacon.beacon.models import Connection, Flow, ImportRun, SourceType, Tenant

if TYPE_CHECKING:
    from django.db.models import QuerySet

SORTS = {
    "name": ("name_lower",),
    "type": ("source_type", "name_lower"),
    "tenant": ("tenant_name", "name_lower"),
    "flow": ("flow", "name_lower"),
    "proxy": ("proxy_or_none", "name_lower"),
    "schedule": ("schedule_lower", "name_lower"),
    "next_run": ("next_at", "name_lower"),
    "last_import": ("last_at", "name_lower"),
    "status": ("enabled", "name_lower"),
}
"""Keys of sortable columns, and the fields each sorts by."""

SEARCH_LENGTH = 200


def connection_rows(search: str = "") -> QuerySet[Connection]:
    """Connections with their schedule, their tenant's name and newest run.

    Annotated are `schedule_name`, `next_at` (null while disabled), `tenant_name`, `last_run`, `last_state`
    and `last_at`.

    `search` is looked for in what the list shows, in whichever case.
    """
    newest = ImportRun.objects.filter(connection=OuterRef("pk")).order_by("-pk")
    tenant = Tenant.objects.filter(pk=OuterRef("tenant_id")).values("display_name")[:1]
    rows = Connection.objects.select_related("schedule").annotate(
        name_lower=Lower("name"),
        tenant_name=Coalesce(Subquery(tenant), NullIf(F("tenant_id"), Value("")), output_field=CharField()),
        proxy_or_none=NullIf(F("proxy_url"), Value("")),
        schedule_name=F("schedule__name"),
        schedule_lower=Lower("schedule__name"),
        next_at=Case(When(enabled=True, then=F("schedule__next_run_at"))),
        last_run=Subquery(newest.values("pk")[:1]),
        last_state=Subquery(newest.values("state")[:1]),
        last_at=Subquery(newest.values("queued_at")[:1]),
        flow_label=_label_of("flow", Flow.choices),
        type_label=_label_of("source_type", SourceType.choices),
        status_label=Case(When(enabled=True, then=Value("Enabled")), default=Value("Disabled")),
    )
    for word in search[:SEARCH_LENGTH].split():
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(tenant_name__icontains=word)
            | Q(tenant_id__icontains=word)
            | Q(proxy_url__icontains=word)
            | Q(client_id__icontains=word)
            | Q(last_state__icontains=word)
            | Q(schedule_name__icontains=word)
            | Q(flow_label__icontains=word)
            | Q(type_label__icontains=word)
            | Q(status_label__icontains=word)
        )
    return rows


def _label_of(field: str, choices: list[tuple[str, str]]) -> Case:
    cases = [When(**{field: value}, then=Value(label)) for value, label in choices]
    return Case(*cases, default=Value(""), output_field=CharField())
