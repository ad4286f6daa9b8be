"""Where a one-time link leads: name and password, and then in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from seatbeacon.web.access import public
from seatbeacon.web.accounts.errors import LinkSpent
from seatbeacon.web.accounts.forms import WelcomeForm
from seatbeacon.web.accounts.links import find_link
from seatbeacon.web.accounts.services import accept

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form of a link that is still open, and sign in whoever fills it."""
    link = find_link(token)
    if link is None or (link.user is not None and not link.user.is_active):
        return render(request, "account/link_spent.html", status=410)
    form = WelcomeForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        address = request.META.get("REMOTE_ADDR", "")
        try:
            user = accept(
                link, email=given["email"], name=given["name"], password=given["password"], address=address
            )
        except LinkSpent:
            return render(request, "account/link_spent.html", status=410)
        login(request, user, backend=BACKEND)
        record_authentication(request, user, method="password", email=user.email)
        return redirect("overview")
    context = {"form": form, "link": link}
    return render(request, "account/welcome.html", context, status=400 if form.errors else 200)
