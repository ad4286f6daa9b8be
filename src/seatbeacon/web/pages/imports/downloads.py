"""What a run left to take away: its log, and for administrators the package that it collected."""

from __future__ import annotations

import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.logs.run_log import log_text
from seatbeacon.beacon.models import ACTIVE_STATES, ImportRun
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.exports import Pieces
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.downloads import file_response

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


@requires(Role.VIEWER)
@require_GET
def log(request: HttpRequest, run_id: int) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The run's log as a text file. It is bounded: some thousand lines."""
    run = get_object_or_404(ImportRun, pk=run_id)
    return HttpResponse(
        "".join(log_text(run)),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="import-{run.pk}.log"'},
    )


@requires(Role.ADMINISTRATOR)
@require_GET
def package(request: HttpRequest, run_id: int) -> HttpResponseBase:
    """The run's package as a ZIP file: all that Microsoft sent, people's data included. It is audited."""
    run = get_object_or_404(ImportRun, pk=run_id)
    folder = kept_package(run)
    if folder is None:
        raise Http404(f"The package of import {run.pk} is not kept any more.")
    # Written aside first: an archive that ends in the middle must not be taken for whole.
    try:
        pieces = Pieces(partial(_zip, folder))
    except OSError as error:
        messages.error(
            request,
            f"The archive could not be written: {error.strerror or error}. Check that there is room for "
            f"it in {tempfile.gettempdir()}, then take it again.",
        )
        return redirect("import-run", run.pk)
    record(actor_of(request), "import.package-downloaded", run.connection_name, run=run.pk)
    return file_response(pieces, f"import-{run.pk}-package.zip", "application/zip")


def kept_package(run: ImportRun) -> Path | None:
    """The folder of a run's package where it is there to take: whole, and not being written."""
    if not run.package or run.state in ACTIVE_STATES:
        return None
    folder = Path(run.package)
    inside = folder.is_relative_to(load_settings().home / "packages")
    return folder if inside and (folder / "manifest.json").is_file() else None


def _zip(folder: Path, target: Path) -> None:
    """Write the archive of a package. Raises OSError."""
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
