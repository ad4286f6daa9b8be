"""What the views of connections have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse

from seatbeacon.beacon.models import Connection
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.addresses import address_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def find(connection_id: int) -> Connection:
    """The connection, or 404."""
    return get_object_or_404(Connection, pk=connection_id)


def allows(request: HttpRequest, role: Role) -> bool:
    """Whether the person's role reaches `role`."""
    return isinstance(request.user, User) and request.user.allows(role)


def rights(request: HttpRequest) -> dict[str, bool]:
    """What the person may do here, for templates."""
    return {
        "may_edit": allows(request, Role.ADMINISTRATOR),
        "may_run": allows(request, Role.OPERATOR),
    }


def asker_of(request: HttpRequest) -> str:
    """Who asks for a sign-in: this session of this person, so that nobody else's answer is taken."""
    if request.session.session_key is None:
        request.session.save()
    return f"{request.session.session_key}/{request.user.pk}"


def callback_address(request: HttpRequest) -> str:
    """Seatbeacon's own redirect URI, under the address that people reach the pages at."""
    return address_of(request, reverse("authorize-callback"))


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return "HX-Request" in request.headers
