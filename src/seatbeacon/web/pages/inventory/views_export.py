"""A list as a file: exactly the rows and columns that its address shows, on all its pages."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from seatbeacon.beacon.errors import BeaconError
from seatbeacon.inventory import query
from seatbeacon.inventory.errors import InventoryError
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.inventory.address import asked_by
from seatbeacon.web.pages.inventory.opening import listing_or_404, open_list
from seatbeacon.web.pages.inventory.table import shown_keys, sorting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponseBase

KINDS = {"csv": "text/csv; charset=utf-8"}


@requires(Role.VIEWER)
@require_GET
def export(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """Stream the rows."""
    listing = listing_or_404(name)
    if kind not in KINDS:
        raise Http404
    try:
        opened = open_list(asked_by(request.GET), listing)
        keys = shown_keys(listing, opened.presentation, opened.asked)
        result = query.run(
            opened.chosen.file,
            listing,
            filters=opened.filters,
            search=opened.asked.search or None,
            sort=sorting(listing, opened.asked),
            columns=keys,
            as_of=opened.as_of,
        )
    except (BeaconError, InventoryError) as error:
        return HttpResponse(str(error), status=400, content_type="text/plain; charset=utf-8")
    lines = _lines(keys, result.rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return StreamingHttpResponse(lines, content_type=KINDS[kind], headers=headers)


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(keys: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(keys)
    for row in rows:
        yield writer.writerow(row)
