"""Administration → People."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatbeacon.web.access import requires
from seatbeacon.web.accounts import services
from seatbeacon.web.accounts.errors import LastAdministrator
from seatbeacon.web.accounts.forms import InviteForm, RoleForm
from seatbeacon.web.accounts.links import VALID
from seatbeacon.web.accounts.models import ApiToken, User
from seatbeacon.web.accounts.roles import DESCRIPTIONS, Role
from seatbeacon.web.addresses import address_of
from seatbeacon.web.tables import sorted_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SORTS = {
    "name": ("name", "email"),
    "email": ("email",),
    "role": ("role", "name"),
    "last_login": ("last_login", "name"),
}


@requires(Role.ADMINISTRATOR)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account."""
    factor = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type="recovery_codes")
    rows = User.objects.annotate(has_factor=Exists(factor))
    listing = sorted_page(request, rows, SORTS, default="name")
    return render(request, "people/list.html", {"listing": listing})


@requires(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody; the answer to the form shows their link, this once."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user, token = services.invite(
            services.actor_of(request), email=given["email"], name=given["name"], role=Role(given["role"])
        )
        return _show_link(request, user, token, "invited")
    return render(request, "people/invite.html", {"form": form}, status=400 if form.errors else 200)


@requires(Role.ADMINISTRATOR)
@require_GET
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: role, state, and what can be done about them."""
    user = get_object_or_404(User, pk=user_id)
    context = {
        "person": user,
        "form": RoleForm(initial={"role": user.role}),
        "descriptions": [(role.label, text) for role, text in DESCRIPTIONS.items()],
        "factors": Authenticator.objects.filter(user=user).exclude(type="recovery_codes").count(),
        "tokens": ApiToken.objects.filter(user=user).count(),
    }
    return render(request, "people/person.html", context)


@requires(Role.ADMINISTRATOR)
@require_POST
def change_role(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a person another role."""
    user = get_object_or_404(User, pk=user_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        try:
            services.change_role(services.actor_of(request), user, role)
            messages.success(request, f"{user.name or user.email} is {role.label} now.")
        except LastAdministrator as error:
            messages.error(request, str(error))
    else:
        messages.error(request, "Choose one of the roles.")
    return redirect("person", user_id=user.pk)


@requires(Role.ADMINISTRATOR)
@require_POST
def set_active(request: HttpRequest, user_id: int) -> HttpResponse:
    """Deactivate a person, or let them in again."""
    user = get_object_or_404(User, pk=user_id)
    active = request.POST.get("active") == "yes"
    try:
        services.set_active(services.actor_of(request), user, active=active)
        what = "may sign in again" if active else "is deactivated and signed out"
        messages.success(request, f"{user.name or user.email} {what}.")
    except LastAdministrator as error:
        messages.error(request, str(error))
    return redirect("person", user_id=user.pk)


@requires(Role.ADMINISTRATOR)
@require_POST
def reset(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take password and second factors away; the answer shows a new link, this once."""
    user = get_object_or_404(User, pk=user_id)
    token = services.reset(services.actor_of(request), user)
    return _show_link(request, user, token, "reset")


def _show_link(request: HttpRequest, user: User, token: str, what: str) -> HttpResponse:
    address = address_of(request, reverse("welcome", args=[token]))
    context = {"person": user, "address": address, "what": what, "hours": VALID.total_seconds() / 3600}
    return render(request, "people/link.html", context)
