"""A resource for each listing, made from its declaration: a new listing appears here by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router

from seatbeacon.api import asking
from seatbeacon.api.auth import READ, actor_of
from seatbeacon.api.shapes import groups_shape, page_shape
from seatbeacon.beacon.audit import record
from seatbeacon.beacon.listings import NAMES, declared
from seatbeacon.inventory import exports
from seatbeacon.inventory.query import count, group, run
from seatbeacon.inventory.utc import aware
from seatbeacon.web.downloads import export_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.inventory.listings import Listing

router = Router(tags=["Inventory"])

_encoder = msgspec.json.Encoder()

_FILES = {
    each.media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
    for each in exports.FORMATS.values()
}


def add_listing(listing: Listing) -> None:
    """Add the routes of one listing."""
    name = listing.name.replace("-", "_")
    columns = ", ".join(column.key for column in listing.columns)
    searched = f"A search looks into {', '.join(listing.search)}." if listing.search else ""
    router.add_api_operation(
        f"/{listing.name}",
        ["GET"],
        _rows(listing),
        auth=READ,
        response=page_shape(listing),
        operation_id=f"list_{name}",
        summary=listing.label,
        description=f"{listing.about}\n\nColumns: {columns}. {searched}".strip(),
    )
    router.add_api_operation(
        f"/{listing.name}/groups",
        ["GET"],
        _groups(listing),
        auth=READ,
        response=groups_shape(listing),
        operation_id=f"group_{name}",
        summary=f"{listing.label} by the values of a column",
        description="Rows counted by the values of any column.",
    )
    router.add_api_operation(
        f"/{listing.name}/export",
        ["GET"],
        _export(listing),
        auth=READ,
        operation_id=f"export_{name}",
        summary=f"{listing.label} as a file",
        description="All rows that are asked for, in one file, whatever their number. It is audited.",
        openapi_extra={"responses": {200: {"content": _FILES}}},
    )


def _rows(listing: Listing) -> Callable[..., HttpResponse]:
    def rows(request: HttpRequest, given: Query[asking.Rows]) -> HttpResponse:
        question = asking.read(request, given, listing.name)
        fields = given.columns(listing)
        found = run(
            question.file,
            question.listing,
            **question.options,
            sort=asking.split(given.sort),
            columns=fields,
            limit=given.limit,
            after=given.after,
        )
        items = [dict(zip(fields, row, strict=True)) for row in aware(found)]
        body: dict[str, Any] = {"tenant": question.tenant, "items": items, "next": found.next}
        if given.count:
            body["count"] = count(question.file, question.listing, **question.options)
        answer = HttpResponse(_encoder.encode(body), content_type="application/json")
        if found.next is not None:
            answer.headers["Link"] = f'<{_next_address(request, found.next)}>; rel="next"'
        return answer

    return rows


def _groups(listing: Listing) -> Callable[..., HttpResponse]:
    def groups(request: HttpRequest, given: Query[asking.Groups]) -> HttpResponse:
        question = asking.read(request, given, listing.name)
        found = group(
            question.file,
            question.listing,
            given.by,
            **question.options,
            sort=asking.split(given.sort),
            limit=given.limit,
        )
        items = [
            {"value": one.value, "count": one.count, "users": one.users, "sums": one.sums} for one in found
        ]
        body = {"tenant": question.tenant, "items": items}
        return HttpResponse(_encoder.encode(body), content_type="application/json")

    return groups


def _export(listing: Listing) -> Callable[..., StreamingHttpResponse]:
    def export(request: HttpRequest, given: Query[asking.Exported]) -> StreamingHttpResponse:
        question = asking.read(request, given, listing.name)
        pieces = exports.chunks(
            question.file,
            question.listing,
            format=given.format,
            **question.options,
            sort=asking.split(given.sort),
            columns=given.columns(listing),
            by=given.by,
        )
        asked = request.GET.urlencode()
        record(actor_of(request), "list.exported", listing.label, format=given.format, address=asked)
        return export_response(pieces, given.format, f"{listing.name}-{question.day:%Y-%m-%d}")

    return export


def _next_address(request: HttpRequest, after: str) -> str:
    kept = [(key, value) for key, values in request.GET.lists() if key != "after" for value in values]
    return f"{request.path}?{urlencode([*kept, ('after', after)])}"


for _name in NAMES:
    add_listing(declared(_name))
