"""What is done to accounts. Each is one transaction, and stands in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db import transaction

from seatbeacon.beacon.audit import SYSTEM, Actor, record
from seatbeacon.web.accounts.errors import LastAdministrator, LinkSpent
from seatbeacon.web.accounts.links import make_link, use_up
from seatbeacon.web.accounts.models import ApiToken, OneTimeLink, Purpose, User
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from django.http import HttpRequest


def actor_of(request: HttpRequest) -> Actor:
    """Who sends `request`, for the audit log."""
    address = request.META.get("REMOTE_ADDR", "")
    if isinstance(request.user, User):
        return Actor(str(request.user), str(request.user.pk), address)
    return Actor("somebody without a session", "", address)


def needs_first_administrator() -> bool:
    """Whether no account exists yet."""
    return not User.objects.exists()


def first_administrator_link() -> str | None:
    """A fresh token for the first account, or None where there are accounts."""
    if not needs_first_administrator():
        return None
    token = make_link(Purpose.FIRST_ADMINISTRATOR)
    record(SYSTEM, "people.first-link-printed")
    return token


def invite(actor: Actor, *, email: str, name: str, role: Role) -> tuple[User, str]:
    """A new account without a password, and the token of its one-time link."""
    with transaction.atomic():
        user = User(email=email.strip().lower(), name=name.strip(), role=role)
        user.set_unusable_password()
        user.save()
        token = make_link(Purpose.INVITATION, user)
        record(actor, "people.invited", str(user), role=role.label)
    return user, token


def change_role(actor: Actor, user: User, role: Role) -> None:
    """Give a person another role. Raises LastAdministrator."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        before = Role(user.role)
        if before is role:
            return
        if before is Role.ADMINISTRATOR:
            _refuse_last(user, "cannot lose that role")
        User.objects.filter(pk=user.pk).update(role=role)
        record(actor, "people.role-changed", str(user), before=before.label, after=role.label)


def set_active(actor: Actor, user: User, *, active: bool) -> None:
    """Let a person in, or keep them out from their next request on and end their tokens for the API.

    Raises LastAdministrator.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active == active:
            return
        if not active:
            _refuse_last(user, "cannot be deactivated")
        User.objects.filter(pk=user.pk).update(is_active=active)
        if not active:
            OneTimeLink.objects.filter(user=user, used_at=None).delete()
            ApiToken.objects.filter(user=user).delete()
        record(actor, "people.activated" if active else "people.deactivated", str(user))


def reset(actor: Actor, user: User) -> str:
    """Take a person's password, second factors and API tokens away, ending their sessions; the token of a new
    link."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        purpose = Purpose.INVITATION if user.is_invited else Purpose.RESET
        user.set_unusable_password()
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
        ApiToken.objects.filter(user=user).delete()
        token = make_link(purpose, user)
        record(actor, "people.reset", str(user))
    return token


def accept(link: OneTimeLink, *, email: str, name: str, password: str, address: str) -> User:
    """Spend `link`: make the first administrator, or set a person's name and password. Raises LinkSpent."""
    with transaction.atomic():
        first = link.purpose == Purpose.FIRST_ADMINISTRATOR
        if not use_up(link) or (first and not needs_first_administrator()):
            raise LinkSpent("This link has been used, or is more than a day old.")
        user = User(email=email.strip().lower(), role=Role.ADMINISTRATOR) if link.user is None else link.user
        user.name = name.strip()
        user.set_password(password)
        user.save()
        record(Actor(str(user), str(user.pk), address), f"people.{link.purpose}-accepted", str(user))
    return user


def _refuse_last(user: User, what: str) -> None:
    """Refuse where `user` is the only active administrator who can sign in."""
    if not user.is_active or user.role != Role.ADMINISTRATOR:
        return
    others = (
        User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    )
    if not any(not other.is_invited for other in others):
        message = f"{user.name or user.email} is the last administrator and {what}. Make another one first."
        raise LastAdministrator(message)
