"""A person's own profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from seatbeacon.beacon.audit import record
from seatbeacon.web.access import public, requires
from seatbeacon.web.accounts.forms import ProfileForm
from seatbeacon.web.accounts.models import ApiToken, Theme, User
from seatbeacon.web.accounts.roles import DESCRIPTIONS, Role
from seatbeacon.web.accounts.services import actor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

THEME_COOKIE = "seatbeacon_theme"
YEAR = 365 * 24 * 60 * 60


@requires(Role.VIEWER)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and theme; the ways to sign in stand on pages of their own."""
    user = get_object_or_404(User, pk=request.user.pk)
    form = ProfileForm(request.POST or None, initial={"name": user.name, "theme": user.theme})
    if request.method == "POST" and form.is_valid():
        before = user.name
        User.objects.filter(pk=user.pk).update(**form.cleaned_data)
        if before != form.cleaned_data["name"]:
            record(actor_of(request), "profile.name-changed", str(user), before=before)
        messages.success(request, "Your profile is saved.")
        return _keep_theme(request, redirect("profile"), form.cleaned_data["theme"])
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "form": form,
        "has_totp": "totp" in kinds,
        "passkeys": kinds.count("webauthn"),
        "has_codes": "recovery_codes" in kinds,
        "role_description": DESCRIPTIONS[Role(user.role)],
        "single_sign_on": settings.SINGLE_SIGN_ON,
        "tokens": ApiToken.objects.filter(user=user).count(),
    }
    return render(request, "profile/profile.html", context, status=400 if form.errors else 200)


@public
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Switch the theme from the header; a browser without a session remembers it in a cookie."""
    theme = request.POST.get("theme", "")
    if theme not in Theme.values:
        theme = Theme.AUTO
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(theme=theme)
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    return _keep_theme(request, redirect(back), theme)


def _keep_theme(request: HttpRequest, response: HttpResponse, theme: str) -> HttpResponse:
    response.set_cookie(
        THEME_COOKIE, theme, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response
