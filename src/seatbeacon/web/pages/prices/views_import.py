"""Prices from a sheet: upload, preview with what is wrong by row, then all of them or none.

The sheet waits in the person's session between preview and import: a few kilobytes, as it was uploaded.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from seatbeacon.beacon.errors import InvalidPrice
from seatbeacon.beacon.prices.products import known_products
from seatbeacon.beacon.prices.services import save_prices
from seatbeacon.beacon.prices.sheet import MOST_BYTES, Sheet, read_sheet
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.prices.forms import SheetForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

WAITING = "prices-sheet"
"""Where in the session the sheet waits."""
SHOWN = 200
"""Rows that a preview shows; wrong ones come first."""


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a sheet, and go where it is looked at."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read(MOST_BYTES + 1)
        try:
            _read(file.name, content)
        except InvalidPrice as error:
            form.add_error("file", str(error))
        else:
            request.session[WAITING] = {"name": file.name, "content": base64.b64encode(content).decode()}
            return redirect("prices-preview")
    return render(request, "prices/import.html", {"form": form}, status=400 if form.errors else 200)


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest) -> HttpResponse:
    """What the sheet says, row by row; a POST takes the rows that are good."""
    waiting = request.session.get(WAITING)
    if not waiting:
        return redirect("prices-import")
    sheet = _read(waiting["name"], base64.b64decode(waiting["content"]))
    if request.method == "POST" and sheet.good:
        try:
            added, replaced = save_prices(sheet.good, actor=actor_of(request))
        except InvalidPrice as error:
            messages.error(request, str(error))
            return redirect("prices-preview")
        del request.session[WAITING]
        left = f" {len(sheet.bad)} rows were left out." if sheet.bad else ""
        messages.success(request, f"{added} prices are new, {replaced} replaced.{left}")
        return redirect("prices")
    rows = sorted(sheet.rows, key=lambda row: (not row.errors, row.number))
    context = {
        "name": waiting["name"],
        "sheet": sheet,
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "replaced": sum(row.replaces for row in sheet.rows),
    }
    return render(request, "prices/preview.html", context)


def _read(name: str, content: bytes) -> Sheet:
    return read_sheet(name, content, known_products(load_settings()))
