"""Every route states who may use it: `@requires(Role.…)`, `@public`, or `by_token` where the view looks at a
token's scope itself. A route without is refused.

The marks are read by `middleware.access`, which enforces them, and by `checks`, which finds a route without.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpResponseBase
    from django.urls import URLPattern, URLResolver

    from seatbeacon.web.accounts.roles import Role

    View = Callable[..., HttpResponseBase]

PUBLIC = "public"
"""The mark of a route that needs no session."""


BY_TOKEN = "token"  # noqa: S105 - a mark
"""The mark of a route that a session does not open: its view asks for a token."""


def requires(role: Role) -> Callable[[View], View]:
    """Mark a view as needing a session of at least `role`."""

    def mark(view: View) -> View:
        return _marked(view, role)

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    return _marked(view, PUBLIC)


def by_token(view: View) -> View:
    """Mark a view that lets in by token alone, and sees to that itself."""
    return _marked(view, BY_TOKEN)


def access_of(view: Any) -> Role | str | None:
    """A view's mark: a role, PUBLIC, BY_TOKEN, or None where it states nothing."""
    return getattr(view, "seatbeacon_access", None)


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route under `patterns` with the text of its path."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern


def _marked(view: View, access: Role | str) -> View:
    @wraps(view)
    def marked(*arguments: Any, **options: Any) -> HttpResponseBase:
        return view(*arguments, **options)

    marked.seatbeacon_access = access  # type: ignore[attr-defined] # read back by access_of
    return marked
