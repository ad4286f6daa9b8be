"""Who is told when something needs a person: list, form, test, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatbeacon.beacon.errors import NotificationError, SecretError
from seatbeacon.beacon.models import Event, NotificationTarget
from seatbeacon.beacon.notifications.targets import delete_target, save_target, send_test
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.settings import load_settings
from seatbeacon.graph.secret import Secret
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.notifications.forms import TargetForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@requires(Role.ADMINISTRATOR)
@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """Every target, with what it is told of and how the last attempt went."""
    rows = [
        (target, [Event(event).label for event in target.events if event in Event.values])
        for target in NotificationTarget.objects.order_by("name")
    ]
    return render(request, "notifications/list.html", {"rows": rows})


@requires(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a target."""
    return _form(request, None)


@requires(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, target_id: int) -> HttpResponse:
    """Change a target; an empty address keeps the stored one."""
    return _form(request, get_object_or_404(NotificationTarget, pk=target_id))


@requires(Role.ADMINISTRATOR)
@require_POST
def test(request: HttpRequest, target_id: int) -> HttpResponse:
    """Send a test message now, and say how it went."""
    target = get_object_or_404(NotificationTarget, pk=target_id)
    try:
        send_test(load_key_ring(load_settings()), target, actor=actor_of(request))
    except (NotificationError, SecretError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{target.name}” took the test message. Look whether it arrived.")
    return redirect("notifications")


@requires(Role.ADMINISTRATOR)
@require_POST
def delete(request: HttpRequest, target_id: int) -> HttpResponse:
    """Remove a target."""
    target = get_object_or_404(NotificationTarget, pk=target_id)
    delete_target(target, actor=actor_of(request))
    messages.success(request, f"“{target.name}” is deleted: nobody is told through it any more.")
    return redirect("notifications")


def _form(request: HttpRequest, target: NotificationTarget | None) -> HttpResponse:
    stored: dict[str, Any] = {}
    if target is not None:
        stored = {"name": target.name, "events": target.events, "enabled": target.enabled}
    form = TargetForm(request.POST or None, initial=stored, has_address=target is not None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            saved = save_target(
                load_key_ring(load_settings()),
                actor=actor_of(request),
                name=given["name"],
                events=given["events"],
                address=Secret(given["address"]) if given["address"] else None,
                enabled=given["enabled"],
                target=target,
            )
        except (NotificationError, SecretError) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"“{saved.name}” is saved. Send a test to see whether it arrives.")
            return redirect("notifications")
    context = {"form": form, "target": target}
    return render(request, "notifications/form.html", context, status=400 if form.errors else 200)
