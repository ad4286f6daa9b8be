"""How allauth behaves here: nobody signs up by themselves, and no mail is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter

if TYPE_CHECKING:
    from django.http import HttpRequest

QUIET = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")
"""Messages that tell people what they see anyway."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no type stubs
    """Accounts come from an administrator's invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never: there is no sign-up page."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Nothing is sent: links are shown to an administrator instead."""

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *arguments: Any,
        **options: Any,
    ) -> None:
        """Leave out what only repeats the page."""
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *arguments, **options)
