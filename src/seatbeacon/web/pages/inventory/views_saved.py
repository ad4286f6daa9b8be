"""Saving views, and managing those that are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.inventory import saved
from seatbeacon.web.pages.inventory.address import asked_by
from seatbeacon.web.pages.inventory.models import NAME_LENGTH, SavedView
from seatbeacon.web.pages.inventory.opening import listing_or_404
from seatbeacon.web.pages.inventory.presentation import presentation_of
from seatbeacon.web.pages.inventory.sight import list_address

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from seatbeacon.web.accounts.models import User


@requires(Role.VIEWER)
@require_GET
def manage(request: HttpRequest, name: str) -> HttpResponse:
    """The views of a list that a person sees: own ones, and those that are shared."""
    listing = listing_or_404(name)
    person = cast("User", request.user)
    views = saved.views_of(person, name)
    context = {
        "listing": listing,
        "title": presentation_of(name).title or listing.label,
        "here": list_address(name),
        "rows": [(view, saved.may_change(person, view)) for view in (*views.own, *views.shared)],
        "standard": views.standard,
        "may_share": person.allows(saved.SHARES),
        "name_length": NAME_LENGTH,
    }
    return render(request, "inventory/views.html", context)


@requires(Role.VIEWER)
@require_POST
def save_view(request: HttpRequest, name: str) -> HttpResponse:
    """Save the address that the page showed under a name."""
    listing_or_404(name)
    person = cast("User", request.user)
    asked = asked_by(_query(request.POST.get("query", "")))
    shared = request.POST.get("shared") == "yes"
    back = f"{list_address(name)}{asked.address if asked.query else ''}"
    try:
        view = saved.save(
            person,
            name,
            request.POST.get("name", ""),
            asked.view,
            shared=shared,
            replace=request.POST.get("replace") == "yes",
            actor=actor_of(request),
        )
    except saved.RefusedView as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if request.POST.get("standard") == "yes":
        saved.set_standard(person, name, view)
    messages.success(request, f"The view “{view.name}” is saved{' and shared' if view.shared else ''}.")
    return redirect(back)


@requires(Role.VIEWER)
@require_POST
def change_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename a view; share it, or no longer."""
    person, view = _seen(request, view_id)
    shared = request.POST.get("shared") == "yes"
    try:
        saved.change(person, view, name=request.POST.get("name", ""), shared=shared, actor=actor_of(request))
    except saved.RefusedView as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The view “{view.name}” is changed.")
    return redirect("saved-views", view.listing)


@requires(Role.VIEWER)
@require_POST
def delete_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Delete a view."""
    person, view = _seen(request, view_id)
    try:
        saved.delete(person, view, actor=actor_of(request))
    except saved.RefusedView as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The view “{view.name}” is deleted.")
    return redirect("saved-views", view.listing)


@requires(Role.VIEWER)
@require_POST
def choose_standard(request: HttpRequest, name: str) -> HttpResponse:
    """Choose the view that the list opens with, for oneself; none for the standard one."""
    listing_or_404(name)
    chosen = request.POST.get("view", "")
    if chosen:
        person, view = _seen(request, int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0)
        if view.listing != name:
            raise Http404
        saved.set_standard(person, name, view)
        messages.success(request, f"The list opens with “{view.name}” for you.")
    else:
        saved.set_standard(cast("User", request.user), name, None)
        messages.success(request, "The list opens with the standard view for you.")
    return redirect("saved-views", name)


def _seen(request: HttpRequest, view_id: int) -> tuple[User, SavedView]:
    """The person, and a view that they see. Raises Http404 for any other."""
    person = cast("User", request.user)
    view = SavedView.objects.filter(Q(owner=person) | Q(shared=True), pk=view_id).first()
    if view is None:
        raise Http404
    return person, view


def _query(text: str) -> QueryDict:
    return QueryDict(text[:8000])
