"""The versions of each tenant's inventory that are kept, and going back to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from seatbeacon.beacon.errors import BeaconError, NoSuchVersion
from seatbeacon.beacon.imports.going_back import find_version, go_back, kept_versions
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import InventoryVersion, Tenant
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.connections.shared import rights
from seatbeacon.web.downloads import inventory_response
from seatbeacon.web.pages.imports.steps import Difference, differences
from seatbeacon.web.tables import page_of

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse


@dataclass(frozen=True)
class ShownVersion:
    """A version with the size of its file in bytes, None where that is gone, and what its import changed."""

    version: InventoryVersion
    size: int | None
    differences: list[Difference]

    @property
    def dialog(self) -> str:
        """What the question is called in the page."""
        return f"back-{self.version.pk}"

    @property
    def question(self) -> str:
        """The question before going back."""
        return f"Go back to version {self.version.pk} of {self.version.tenant.display_name}?"


@requires(Role.VIEWER)
@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """The kept versions of all tenants, or of the one that `?tenant=` names."""
    wanted = request.GET.get("tenant", "")
    settings = load_settings()
    listing = page_of(request, kept_versions(wanted or None))
    shown = [ShownVersion(version, _size(version), differences(version.run)) for version in listing.page]
    tenants = Tenant.objects.filter(versions__published_at__isnull=False).distinct()
    context = {
        "listing": listing,
        "versions": shown,
        "tenants": list(tenants.order_by("display_name")),
        "wanted": wanted,
        "kept": settings.keep_versions,
    }
    return render(request, "imports/versions.html", context | rights(request))


@requires(Role.ADMINISTRATOR)
@require_GET
def inventory_file(request: HttpRequest, version_id: int) -> FileResponse:
    """The version's file, to open with DuckDB."""
    try:
        version = find_version(version_id)
    except NoSuchVersion as error:
        raise Http404(str(error)) from error
    return inventory_response(version, actor_of(request))


@requires(Role.ADMINISTRATOR)
@require_POST
def back(request: HttpRequest, version_id: int) -> HttpResponse:
    """Go back to a version."""
    try:
        version = find_version(version_id)
    except NoSuchVersion as error:
        raise Http404(str(error)) from error
    try:
        go_back(load_settings(), version, actor=actor_of(request))
    except BeaconError as error:
        messages.error(request, str(error))
    else:
        name = version.tenant.display_name
        messages.success(request, f"Readers of {name} see version {version.pk} from now on.")
    return redirect(f"{reverse('versions')}?tenant={version.tenant_id}")


def _size(version: InventoryVersion) -> int | None:
    try:
        return version_path(load_settings(), version).stat().st_size
    except OSError:
        return None
