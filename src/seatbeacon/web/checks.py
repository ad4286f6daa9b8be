"""Checks that run before the pages are served."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.urls import get_resolver

from seatbeacon.web.access import BY_TOKEN, PUBLIC, access_of, routes
from seatbeacon.web.accounts.roles import Role


@register
def every_route_states_its_role(**_: Any) -> list[CheckMessage]:
    """An error for each route whose view carries neither a role nor another mark."""
    return [
        Error(
            f"The route /{path} does not state who may use it.",
            hint="Mark its view with @requires(Role.…) or @public.",
            id="web.E001",
        )
        for path, pattern in routes(get_resolver().url_patterns)
        if access_of(pattern.callback) not in {PUBLIC, BY_TOKEN}
        and not isinstance(access_of(pattern.callback), Role)
    ]
