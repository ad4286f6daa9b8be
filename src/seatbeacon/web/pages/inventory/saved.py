"""Saved views: what people may do with them. Each change of a shared one is written to the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from seatbeacon.beacon.audit import record
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.inventory.models import NAME_LENGTH, SavedView, StandardView

if TYPE_CHECKING:
    from seatbeacon.beacon.audit import Actor
    from seatbeacon.web.accounts.models import User

SHARES = Role.OPERATOR
"""The role that may share a view, and change one that is shared."""


class RefusedView(Exception):  # noqa: N818 - an error is named for what happened
    """What was asked cannot be done with a saved view. The text is for the person who asked."""


@dataclass(frozen=True)
class Views:
    """The views of one list that a person sees. `standard` is the one that their list opens with."""

    own: list[SavedView]
    shared: list[SavedView]
    standard: SavedView | None

    def named_by(self, query: str) -> SavedView | None:
        """The view that an address is, if any."""
        return next((view for view in (*self.own, *self.shared) if view.query == query), None)


def views_of(person: User, listing: str) -> Views:
    """Own views, and those of others that are shared, by name."""
    seen = SavedView.objects.filter(Q(owner=person) | Q(shared=True), listing=listing)
    ordered = list(seen.select_related("owner").order_by(Lower("name"), "pk"))
    found = StandardView.objects.filter(person=person, listing=listing).select_related("view").first()
    standard = found.view if found and found.view in ordered else None
    return Views(
        [view for view in ordered if view.owner_id == person.pk],
        [view for view in ordered if view.owner_id != person.pk],
        standard,
    )


def may_change(person: User, view: SavedView) -> bool:
    """A shared view is everybody's: whoever may share may change it. Any other is its owner's alone."""
    return person.allows(SHARES) if view.shared else view.owner_id == person.pk


def save(
    person: User, listing: str, name: str, query: str, *, shared: bool, replace: bool, actor: Actor
) -> SavedView:
    """Save an address under a name; `replace` allows for the person's own view of that name to go.

    Raises RefusedView for an empty name, for one that is taken, and for sharing without the role.
    """
    name = _name(name)
    _may_share(person, shared=shared)
    with transaction.atomic():
        view = SavedView.objects.filter(owner=person, listing=listing, name__iexact=name).first()
        if view is not None and view.shared and not may_change(person, view):
            raise RefusedView(
                f"“{view.name}” is shared, and your role may not change it. Choose another name."
            )
        if view is not None and not replace:
            raise RefusedView(
                f"You have a view called “{view.name}”. Choose another name, or tick that it is replaced."
            )
        was_shared = view is not None and view.shared
        if view is None:
            view = SavedView(owner=person, listing=listing)
        view.name, view.query, view.shared = name, query, shared or was_shared
        view.save()
        if view.shared:
            _tell(actor, "view.changed" if was_shared else "view.shared", view)
    return view


def change(person: User, view: SavedView, *, name: str, shared: bool, actor: Actor) -> None:
    """Rename a view; share it, or no longer. Raises RefusedView."""
    if not may_change(person, view):
        raise RefusedView(f"Only {SHARES.label}s and administrators change a view that is shared.")
    name = _name(name)
    if shared != view.shared:
        _may_share(person, shared=True)
    taken = SavedView.objects.filter(owner=view.owner, listing=view.listing, name__iexact=name)
    if taken.exclude(pk=view.pk).exists():
        raise RefusedView(f"There is another view called “{name}”. Choose another name.")
    with transaction.atomic():
        before, was_shared = view.name, view.shared
        view.name, view.shared = name, shared
        view.save()
        if was_shared or shared:
            action = "view.changed" if was_shared and shared else "view.shared" if shared else "view.unshared"
            _tell(actor, action, view, before=before)


def delete(person: User, view: SavedView, *, actor: Actor) -> None:
    """Delete a view; lists that opened with it open with the standard one. Raises RefusedView."""
    if not may_change(person, view):
        raise RefusedView(f"Only {SHARES.label}s and administrators delete a view that is shared.")
    with transaction.atomic():
        if view.shared:
            _tell(actor, "view.deleted", view)
        view.delete()


def set_standard(person: User, listing: str, view: SavedView | None) -> None:
    """Make a list open with `view` for this person; None for the standard one."""
    if view is None:
        StandardView.objects.filter(person=person, listing=listing).delete()
    else:
        StandardView.objects.update_or_create(person=person, listing=listing, defaults={"view": view})


def _name(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise RefusedView("Give the view a name.")
    if len(name) > NAME_LENGTH:
        raise RefusedView(f"The name is too long: at most {NAME_LENGTH} characters.")
    return name


def _may_share(person: User, *, shared: bool) -> None:
    if shared and not person.allows(SHARES):
        raise RefusedView(f"Sharing a view needs the role {SHARES.label}. Save it for yourself instead.")


def _tell(actor: Actor, action: str, view: SavedView, **details: str) -> None:
    record(actor, action, view.name, listing=view.listing, address=view.query, **details)
