"""How allauth behaves here: nobody signs up by themselves, and no mail is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings

from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from seatbeacon.web.accounts.models import User

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


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth has no type stubs
    """People who come by single sign-on get the role that SEATBEACON_OIDC_ROLE names, if any."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Whether somebody unknown may come in."""
        return settings.SINGLE_SIGN_ON_ROLE != "none"

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """A new account from what the issuer tells; the role is never the issuer's to say."""
        user: User = super().populate_user(request, sociallogin, data)
        whole = f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        user.name = str(data.get("name") or whole or data.get("email") or "")[:150]
        user.role = Role(settings.SINGLE_SIGN_ON_ROLE)
        return user
