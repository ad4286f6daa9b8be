"""Tokens for the API: a person's own, and for administrators everybody's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatbeacon.web.access import requires
from seatbeacon.web.accounts.errors import InvalidToken
from seatbeacon.web.accounts.forms import TokenForm
from seatbeacon.web.accounts.models import ApiToken, User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.scopes import DESCRIPTIONS, Scope, scopes_of
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.accounts.tokens import make_token, revoke
from seatbeacon.web.addresses import address_of
from seatbeacon.web.tables import sorted_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SORTS = {
    "name": ("name", "pk"),
    "person": ("user__name", "name", "pk"),
    "scope": ("scope", "name", "pk"),
    "made": ("created_at", "pk"),
    "ends": ("expires_at", "pk"),
    "used": ("last_used_at", "pk"),
}
USUAL_LIFE = timedelta(days=90)


@requires(Role.VIEWER)
@require_GET
def own_tokens(request: HttpRequest) -> HttpResponse:
    """The person's own tokens."""
    user = get_object_or_404(User, pk=request.user.pk)
    listing = sorted_page(request, ApiToken.objects.filter(user=user), SORTS, default="name")
    return render(request, "tokens/own.html", {"listing": listing, "now": datetime.now(UTC)})


@requires(Role.VIEWER)
@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token; the answer to the form shows it, this once."""
    user = get_object_or_404(User, pk=request.user.pk)
    initial = {"ends_on": datetime.now(UTC).date() + USUAL_LIFE, "scope": Scope.READ}
    form = TokenForm(request.POST or None, initial=initial, scopes=scopes_of(user))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            token, text = make_token(
                actor_of(request),
                user,
                name=given["name"],
                scope=Scope(given["scope"]),
                ends_on=given["ends_on"],
            )
        except InvalidToken as error:
            form.add_error(error.field, str(error))
        else:
            context = {"token": token, "text": text, "address": address_of(request, "/api/v1/me")}
            return render(request, "tokens/made.html", context)
    context = {
        "form": form,
        "descriptions": [(scope.label, DESCRIPTIONS[scope]) for scope in scopes_of(user)],
    }
    return render(request, "tokens/new.html", context, status=400 if form.errors else 200)


@requires(Role.VIEWER)
@require_POST
def revoke_own(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's own."""
    token = get_object_or_404(ApiToken, pk=token_id, user_id=request.user.pk)
    revoke(actor_of(request), token)
    messages.success(request, f"The token {token.name} is revoked.")
    return redirect("own-tokens")


@requires(Role.ADMINISTRATOR)
@require_GET
def every_token(request: HttpRequest) -> HttpResponse:
    """Everybody's tokens."""
    rows = ApiToken.objects.select_related("user")
    listing = sorted_page(request, rows, SORTS, default="person")
    return render(request, "tokens/all.html", {"listing": listing, "now": datetime.now(UTC)})


@requires(Role.ADMINISTRATOR)
@require_POST
def revoke_any(request: HttpRequest, token_id: int) -> HttpResponse:
    """Revoke anybody's."""
    token = get_object_or_404(ApiToken.objects.select_related("user"), pk=token_id)
    revoke(actor_of(request), token)
    messages.success(
        request, f"The token {token.name} of {token.user} is revoked: it opens nothing from now on."
    )
    return redirect("api-tokens")
