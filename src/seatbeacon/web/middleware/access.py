"""Who may use a route: read from its mark, refused where it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from seatbeacon.web.access import BY_TOKEN, PUBLIC, access_of
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


class AccessMiddleware:
    """Sends people without a session to sign in, and refuses those whose role does not reach."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pages are a person's own: nobody on the way keeps them."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Any,
        arguments: Any,  # noqa: ARG002 - Django's signature
        options: Any,  # noqa: ARG002 - Django's signature
    ) -> HttpResponseBase | None:
        """Let pass, send to sign in, or refuse."""
        access = access_of(view)
        if access in {PUBLIC, BY_TOKEN}:
            return None
        if not isinstance(access, Role):
            raise PermissionDenied("This page does not state who may see it, so nobody may.")
        user = request.user
        if not isinstance(user, User):
            if "HX-Request" in request.headers:
                return HttpResponse("You are signed out.", status=401, content_type="text/plain")
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if not user.allows(access):
            message = f"This needs the role {access.label}; yours is {Role(user.role).label}."
            raise PermissionDenied(message)
        return None
