"""Whom the issuer's word lets in, and to which account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.graph.adapter import Adapter
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.single_sign_on import words
from seatbeacon.web.accounts.single_sign_on.claims import told_mail
from seatbeacon.web.accounts.single_sign_on.failures import failed
from seatbeacon.web.accounts.single_sign_on.issuer import Issuer

if TYPE_CHECKING:
    import requests
    from django.http import HttpRequest


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth has no type stubs
    """An account opens to whom it was linked to; at first, to whom the issuer vouches for its mail address.

    Somebody unknown gets a new account with the role that SEATBEACON_OIDC_ROLE names, if it names one.
    """

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Any:
        """allauth's provider, which speaks to the issuer through our checks."""
        found = super().get_provider(request, provider, client_id)
        found.oauth2_adapter_class = Issuer
        return found

    def get_requests_session(self) -> requests.Session:
        """A session for the issuer, which trusts SEATBEACON_CA_FILE beside the public authorities."""
        session: requests.Session = super().get_requests_session()
        ca_file = settings.SINGLE_SIGN_ON_CA_FILE
        if ca_file is not None:
            session.mount("https://", Adapter(proxy=None, ca_file=ca_file, pool_size=1))
        return session

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Link somebody who comes for the first time to the account of their mail address, or refuse them."""
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        mail, vouched = told_mail(sociallogin.account.extra_data)
        user = User.objects.filter(email__iexact=mail).first() if mail else None
        if user is None:
            if settings.SINGLE_SIGN_ON_ROLE == "none":
                raise words.refused(request, words.uninvited(mail), 403)
            if not mail:
                raise words.refused(request, words.NO_MAIL, 403)
        elif not vouched:
            raise words.refused(request, words.not_vouched(mail), 403)
        elif user.is_active:
            sociallogin.connect(request, user)
            record(_actor(request, user), "profile.single-sign-on-added", str(user))
        else:
            sociallogin.user = user  # who is told that they are deactivated, and not linked

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Whether somebody unknown may come in."""
        return bool(settings.SINGLE_SIGN_ON_ROLE != "none")

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """A new account from what the issuer tells; the role is never the issuer's to say."""
        user: User = super().populate_user(request, sociallogin, data)
        mail, _ = told_mail(sociallogin.account.extra_data)
        whole = f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()
        user.email = mail
        user.name = str(data.get("name") or whole or mail)[:150]
        if settings.SINGLE_SIGN_ON_ROLE != "none":
            user.role = Role(settings.SINGLE_SIGN_ON_ROLE)
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Make the new account, and say so in the audit log."""
        user: User = super().save_user(request, sociallogin, form)
        record(_actor(request, user), "people.came-by-single-sign-on", str(user), role=user.role_label)
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ARG002 - allauth's signature
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,  # noqa: ARG002 - allauth's signature
    ) -> None:
        """Say in words what went wrong."""
        raise failed(request, error, exception)


def _actor(request: HttpRequest, user: User) -> Actor:
    return Actor(str(user), str(user.pk), request.META.get("REMOTE_ADDR", ""))
