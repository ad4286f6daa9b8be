"""What a run left to take away: its log, and for administrators the package that it collected."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.logs.run_log import log_text
from seatbeacon.beacon.models import ACTIVE_STATES, ImportRun
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

CHUNK = 1 << 20
"""Bytes read at a time."""


@requires(Role.VIEWER)
@require_GET
def log(request: HttpRequest, run_id: int) -> StreamingHttpResponse:  # noqa: ARG001 - Django's signature
    """The run's log as a text file."""
    run = get_object_or_404(ImportRun, pk=run_id)
    return _download(
        (line.encode() for line in log_text(run)), f"import-{run.pk}.log", "text/plain; charset=utf-8"
    )


@requires(Role.ADMINISTRATOR)
@require_GET
def package(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """The run's package as a ZIP file: all that Microsoft sent, people's data included. It is audited."""
    run = get_object_or_404(ImportRun, pk=run_id)
    folder = kept_package(run)
    if folder is None:
        raise Http404(f"The package of import {run.pk} is not kept any more.")
    record(actor_of(request), "import.package-downloaded", run.connection_name, run=run.pk)
    return _download(_zipped(folder), f"import-{run.pk}-package.zip", "application/zip")


def kept_package(run: ImportRun) -> Path | None:
    """The folder of a run's package where it is there to take: whole, and not being written."""
    if not run.package or run.state in ACTIVE_STATES:
        return None
    folder = Path(run.package)
    inside = folder.is_relative_to(load_settings().home / "packages")
    return folder if inside and (folder / "manifest.json").is_file() else None


def _download(parts: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        parts, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


class _Written(io.RawIOBase):
    """Where the archive is written to: what was written is handed on and forgotten, whatever its size."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: bytes) -> int:  # type: ignore[override] # zipfile gives bytes
        self._parts.append(bytes(part))
        return len(part)

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _zipped(folder: Path) -> Iterator[bytes]:
    written = _Written()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            entry = zipfile.ZipInfo.from_file(path, path.relative_to(folder).as_posix())
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while part := source.read(CHUNK):
                    target.write(part)
                    yield written.take()
    yield written.take()
