"""What every template knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from seatbeacon import __version__
from seatbeacon.web.accounts.models import Theme, User
from seatbeacon.web.accounts.views_profile import THEME_COOKIE
from seatbeacon.web.navigation import navigation_for

if TYPE_CHECKING:
    from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The theme, and for people with a session the navigation."""
    user = getattr(request, "user", None)
    person = user if isinstance(user, User) else None
    theme = person.theme if person else request.COOKIES.get(THEME_COOKIE, Theme.AUTO)
    return {
        "theme": theme if theme in Theme.values else Theme.AUTO,
        "themes": Theme.choices,
        "navigation": navigation_for(person, request.path) if person else [],
        "version": __version__,
        "single_sign_on": settings.SINGLE_SIGN_ON,
        "single_sign_on_name": settings.SINGLE_SIGN_ON_NAME,
    }
