"""Exports as answers to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse

from seatbeacon.inventory import exports

if TYPE_CHECKING:
    from seatbeacon.inventory.exports import Pieces


def export_response(pieces: Pieces, format_: str, name: str) -> StreamingHttpResponse:
    """The file `name` (without its ending) to keep, with its length: one that is cut off on its way is not
    taken for whole."""
    kind = exports.FORMATS[format_]
    return StreamingHttpResponse(
        pieces,
        content_type=kind.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{kind.suffix}"',
            "Content-Length": str(pieces.size),
        },
    )
