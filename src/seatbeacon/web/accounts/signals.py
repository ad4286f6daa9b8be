"""Sign-ins, sign-outs and changes of how a person signs in, written to the audit log."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.web.accounts.models import User

_KINDS = {"totp": "authenticator app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


def _actor(request: Any, user: Any) -> Actor:
    address = request.META.get("REMOTE_ADDR", "") if request is not None else ""
    return (
        Actor(str(user), str(user.pk), address) if isinstance(user, User) else Actor("unknown", "", address)
    )


@receiver(user_logged_in)
def signed_in(request: Any, user: Any, **_: Any) -> None:
    """Somebody signed in."""
    record(_actor(request, user), "session.signed-in")


@receiver(user_logged_out)
def signed_out(request: Any, user: Any, **_: Any) -> None:
    """Somebody signed out."""
    if user is not None:
        record(_actor(request, user), "session.signed-out")


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    """Somebody gave a wrong password. What they typed as address is told, and nothing else."""
    record(_actor(request, None), "session.sign-in-failed", str(credentials.get("email", "")))


@receiver(password_changed)
def changed_password(request: Any, user: Any, **_: Any) -> None:
    """A person changed their own password."""
    record(_actor(request, user), "profile.password-changed", str(user))


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def changed_factor(request: Any, user: Any, authenticator: Any, signal: Any, **_: Any) -> None:
    """A person added or removed a second factor."""
    verb = (
        "added"
        if signal is authenticator_added
        else "renewed"
        if signal is authenticator_reset
        else "removed"
    )
    kind = _KINDS.get(authenticator.type, authenticator.type)
    record(_actor(request, user), f"profile.factor-{verb}", str(user), kind=kind)
