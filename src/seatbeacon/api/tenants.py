"""Tenants, their published versions, and the inventory file itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Path, Router, Schema
from pydantic import Field

from seatbeacon.api.auth import ADMINISTER, READ, actor_of
from seatbeacon.beacon.imports.versions import current_version
from seatbeacon.beacon.models import InventoryVersion, Tenant
from seatbeacon.web.downloads import inventory_response

router = Router(tags=["Tenants"])


class VersionOut(Schema):
    """A published version of a tenant's inventory."""

    id: int
    run_id: int
    published_at: datetime
    current: bool
    measures: dict[str, Any] = Field(description="Numbers by name, such as users.")


class TenantOut(Schema):
    """A tenant whose data was imported."""

    id: str
    name: str
    created_at: datetime
    current: VersionOut | None


class TenantsOut(Schema):
    """All tenants, by name."""

    items: list[TenantOut]


class VersionsOut(Schema):
    """The versions that are kept, newest first."""

    items: list[VersionOut]


@router.get("/tenants", auth=READ, response=TenantsOut, operation_id="list_tenants")
def tenants(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """Every tenant, with the version that listings answer from."""
    rows = Tenant.objects.order_by("display_name", "pk")
    current = {one.tenant_id: one for one in InventoryVersion.objects.filter(current=True)}
    items = [
        {"id": row.pk, "name": row.display_name, "created_at": row.created_at, "current": current.get(row.pk)}
        for row in rows
    ]
    return {"items": items}


@router.get("/tenants/{tenant_id}/versions", auth=READ, response=VersionsOut, operation_id="list_versions")
def versions(request: HttpRequest, tenant_id: Path[str]) -> dict[str, Any]:  # noqa: ARG001 - ninja's signature
    """The published versions of a tenant that are kept."""
    tenant = _find(tenant_id)
    rows = InventoryVersion.objects.filter(tenant=tenant, published_at__isnull=False).order_by("-pk")
    return {"items": list(rows)}


@router.get(
    "/tenants/{tenant_id}/inventory",
    auth=ADMINISTER,
    operation_id="get_inventory_file",
    openapi_extra={
        "responses": {
            200: {"content": {"application/vnd.duckdb": {"schema": {"type": "string", "format": "binary"}}}}
        }
    },
)
def inventory(request: HttpRequest, tenant_id: Path[str]) -> FileResponse:
    """The inventory file of the current version: a DuckDB database, people's data included. It is audited."""
    tenant = _find(tenant_id)
    version = current_version(tenant.pk)
    if version is None:
        raise Http404("No version of this tenant is published.")
    return inventory_response(version, actor_of(request))


def _find(tenant_id: str) -> Tenant:
    if "\x00" in tenant_id:
        raise Http404("No tenant's id holds that.")
    return get_object_or_404(Tenant, pk=tenant_id)
