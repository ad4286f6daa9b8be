"""A list's page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from seatbeacon.beacon.errors import BeaconError, BeingReckoned, NothingPublished
from seatbeacon.inventory import exports
from seatbeacon.inventory.errors import BadVersion, InvalidQuery, NoSpace
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.query import parse_filter
from seatbeacon.optimization.errors import OptimizationError
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.inventory.address import ROWS, STANDARD_ROWS, Asked, asked_by
from seatbeacon.web.pages.inventory.cells import day
from seatbeacon.web.pages.inventory.chips import chips
from seatbeacon.web.pages.inventory.drawing import LEGEND
from seatbeacon.web.pages.inventory.fields import filter_fields
from seatbeacon.web.pages.inventory.forms import hidden_fields, is_form, sent
from seatbeacon.web.pages.inventory.grouping import groupable, read_groups
from seatbeacon.web.pages.inventory.models import NAME_LENGTH
from seatbeacon.web.pages.inventory.notices import dataset_notices
from seatbeacon.web.pages.inventory.opening import Opened, listing_or_404, open_list
from seatbeacon.web.pages.inventory.presentation import presentation_of
from seatbeacon.web.pages.inventory.saved import SHARES, views_of
from seatbeacon.web.pages.inventory.sight import list_address
from seatbeacon.web.pages.inventory.switches import shown_switches, shown_tabs
from seatbeacon.web.pages.inventory.table import count_rows, read_table, shown_keys, sorting, standard_keys
from seatbeacon.web.pages.inventory.tenants import published_tenants
from seatbeacon.web.pages.rules.reckoning import reckoning_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from seatbeacon.inventory.listings import Listing
    from seatbeacon.web.accounts.models import User
    from seatbeacon.web.pages.inventory.hints import Hint, Presentation
    from seatbeacon.web.pages.inventory.saved import Views

_OPERATOR = re.compile(r"[=<>~!]")


@requires(Role.VIEWER)
@require_GET
def list_page(request: HttpRequest, name: str) -> HttpResponseBase:
    """A list as its address asks for it."""
    return show_list(request, name)


def show_list(
    request: HttpRequest,
    name: str,
    *,
    before: Hint | None = None,
    more: Callable[[HttpRequest, Opened], dict[str, Any]] = lambda _request, _opened: {},
) -> HttpResponseBase:
    """A list as its address asks for it. What a form sent is put into the address first.

    A page may draw something `before` each row, and add `more` to its context: `actions`, `above` and
    `beside_rows` name templates of what stands in its head, above the list, and just above the rows.
    """
    listing = listing_or_404(name)
    presentation = replace(presentation_of(name), before=before)
    person = cast("User", request.user)
    views = views_of(person, name)
    asked = asked_by(request.GET)
    elsewhere = _elsewhere(request, listing, presentation, asked, views)
    if elsewhere:
        return redirect(elsewhere)
    asked = replace(asked, standard=_opens_elsewhere(presentation, views))
    context: dict[str, Any] = {
        "listing": listing,
        "presentation": presentation,
        "title": presentation.title or listing.label,
        "here": list_address(name),
        "views": views,
        "may_share": person.allows(SHARES),
        "name_length": NAME_LENGTH,
    }
    try:
        opened = replace(open_list(asked, name), presentation=presentation)
        if opened.chosen.several and not asked.tenant:
            with_tenant = asked.but(tenant=opened.chosen.named, page=asked.page)
            return redirect(list_address(name) + with_tenant.address)
        context |= _around(opened, views) | _filtering(request, opened) | _read(opened)
        context |= more(request, opened)
    except NothingPublished:
        return _whole(request, render(request, "inventory/nothing.html", context))
    except BeingReckoned as error:
        return _whole(request, reckoning_page(request, context | {"fault": error}))
    except (BeaconError, BadVersion, InvalidQuery, OptimizationError) as error:
        context |= {"fault": error, "tenants": published_tenants()}
        return _whole(request, render(request, "inventory/fault.html", context))
    part = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    return render(request, "inventory/_listing.html" if part else "inventory/list.html", context)


def _elsewhere(
    request: HttpRequest, listing: Listing, presentation: Presentation, asked: Asked, views: Views
) -> str:
    """The address to go to instead: of what a form sent, of the view that the list opens with, of the
    listing that the address is really about. Empty where it is this page's."""
    here = list_address(listing.name)
    if request.path != here:
        return here + (asked.address if asked.query else "")
    if is_form(request.GET):
        asked = sent(request.GET, standard_keys(listing, presentation))
        return here + replace(asked, standard=_opens_elsewhere(presentation, views)).address
    if not (asked.standard or asked.view or asked.page > 1 or asked.after):
        tenant = Asked(tenant=asked.tenant).query
        if views.standard:
            return f"{here}?{'&'.join(filter(None, (tenant, views.standard.query)))}"
        if presentation.first:
            return here + asked.but(filters=presentation.first).address
    if presentation.follow and not _names(asked) <= _keys(listing):
        other = LISTINGS[presentation.follow]
        if _names(asked) <= _keys(other):
            return list_address(other.name) + asked.address
    return ""


def _opens_elsewhere(presentation: Presentation, views: Views) -> bool:
    """Whether the list opens with another address than the plain one."""
    return views.standard is not None or bool(presentation.first)


def _names(asked: Asked) -> set[str]:
    """The columns that an address names."""
    filtered = {text[: found.start()] for text in asked.filters if (found := _OPERATOR.search(text))}
    return (
        filtered | {key.removeprefix("-") for key in asked.sort} | set(asked.columns) | ({asked.group} - {""})
    )


def _keys(listing: Listing) -> set[str]:
    return {column.key for column in listing.columns}


def _read(opened: Opened) -> dict[str, Any]:
    """The rows, or the groups; or what is wrong with the address. Raises BadVersion."""
    try:
        if not opened.asked.group:
            return {"table": read_table(opened)}
        return {"groups": read_groups(opened), "count": count_rows(opened)}
    except (InvalidQuery, NoSpace) as error:
        return {"fault": error}


def _whole(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """A page that is no part of another: where a part was asked for, the whole page is loaded."""
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": request.get_full_path()})
    return page


def _around(opened: Opened, views: Views) -> dict[str, Any]:
    """What stands around the table."""
    asked, listing, presentation = opened.asked, opened.listing, opened.presentation
    return {
        "asked": asked,
        "chosen": opened.chosen,
        "tenant_named": opened.chosen.named,
        "imported_at": opened.description.imported_at,
        "refresh": opened.sight.refresh,
        "notices": dataset_notices(opened.description, presentation.datasets, datetime.now(UTC)),
        "tabs": shown_tabs(presentation, listing.name, opened.sight),
        "switches": shown_switches(presentation, asked),
        "as_of": asked.as_of,
        "as_of_words": _day_in_words(asked.as_of),
        "dated": bool(listing.as_of),
        "today": opened.sight.today.isoformat(),
        "columns": _choices(listing, presentation, asked),
        "columns_shown": shown_keys(listing, presentation, asked),
        "groupable": groupable(listing, asked),
        "grouped_by": next((label for _, label, chosen in groupable(listing, asked) if chosen), ""),
        "sorted_by": _sorted_by(listing, asked),
        "everything": asked.but(filters=(), search="", group="", as_of="").address,
        "without": {
            "search": asked.but(search="").address,
            "group": asked.but(group="").address,
            "as_of": asked.but(as_of="").address,
            "columns": asked.but(columns=()).address,
        },
        "ages": LEGEND,
        "exports": _exports(listing, asked),
        "row_choices": [(rows, asked.but(rows=rows).address, rows == asked.rows) for rows in ROWS],
        "view": views.named_by(asked.view) if asked.view else None,
        "view_query": asked.view,
        "keep": {
            "search": hidden_fields(asked, without=("q",)),
            "columns": hidden_fields(asked, without=("columns",)),
            "tenant": hidden_fields(asked, without=("tenant",)),
            "group": hidden_fields(asked, without=("group",)),
            "as_of": hidden_fields(asked, without=("as_of",)),
        },
    }


def _filtering(request: HttpRequest, opened: Opened) -> dict[str, Any]:
    """The chips, and the form that adds a filter, or edits the one that the address names."""
    asked = opened.asked
    edited = request.GET.get("edit", "")
    place = int(edited) if edited.isascii() and edited.isdecimal() and len(edited) < 3 else -1
    editing = asked.filters[place] if 0 <= place < len(asked.filters) else ""
    try:
        filter_ = parse_filter(editing) if editing else None
    except InvalidQuery:
        filter_ = None
    rest = asked.but(filters=tuple(text for text in asked.filters if text != editing))
    return {
        "chips": chips(opened.listing, asked),
        "editing": editing,
        "filter_form": filter_fields(opened, filter_.key if filter_ else "", filter_),
        "filter_keep": hidden_fields(rest),
        "filter_cancel": asked.but(page=asked.page).address,
    }


def _choices(listing: Listing, presentation: Any, asked: Asked) -> list[tuple[str, str, bool]]:
    """Key, label and whether it is shown, of every column: those shown first, in their order."""
    shown = [key for key in shown_keys(listing, presentation, asked) if listing.column(key)]
    labels = {column.key: column.label for column in listing.columns}
    hidden = sorted((key for key in labels if key not in shown), key=lambda key: labels[key].casefold())
    return [(key, labels[key], True) for key in shown] + [(key, labels[key], False) for key in hidden]


def _sorted_by(listing: Listing, asked: Asked) -> str:
    first = sorting(listing, asked)[0]
    column = listing.column(first.removeprefix("-"))
    return f"{column.label}, {'descending' if first.startswith('-') else 'ascending'}" if column else ""


def _day_in_words(text: str) -> str:
    """An address's day as people say it; as it stands where it is none."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def _exports(listing: Listing, asked: Asked) -> list[tuple[str, str]]:
    query = asked.but(rows=STANDARD_ROWS, standard=False).address
    return [
        (one.label, reverse("listing-export", args=[listing.name, one.name]) + query)
        for one in exports.FORMATS.values()
    ]
