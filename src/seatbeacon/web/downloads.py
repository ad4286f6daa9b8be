"""Files to take away as answers to a request: whole and with their length, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, StreamingHttpResponse

from seatbeacon.beacon.audit import record
from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory import exports

if TYPE_CHECKING:
    from seatbeacon.beacon.audit import Actor
    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.inventory.exports import Pieces


def export_response(pieces: Pieces, format_: str, name: str) -> StreamingHttpResponse:
    """The file `name` (without its ending) to keep, with its length: one that is cut off on its way is not
    taken for whole."""
    kind = exports.FORMATS[format_]
    return file_response(pieces, f"{name}.{kind.suffix}", kind.media_type)


def file_response(pieces: Pieces, name: str, media_type: str) -> StreamingHttpResponse:
    """The file `name` to keep, with its length."""
    return StreamingHttpResponse(
        pieces,
        content_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(pieces.size),
        },
    )


def inventory_response(version: InventoryVersion, actor: Actor) -> FileResponse:
    """The file of a version: a DuckDB database, people's data included. It is audited. Raises Http404 where
    the file is gone."""
    try:
        stream = version_path(load_settings(), version).open("rb")
    except FileNotFoundError as error:
        raise Http404("The file of this version is gone.") from error
    record(actor, "inventory.downloaded", str(version.tenant), version=version.pk)
    return FileResponse(
        stream,
        as_attachment=True,
        filename=f"{version.tenant_id}-{version.pk}.duckdb",
        content_type="application/vnd.duckdb",
    )
