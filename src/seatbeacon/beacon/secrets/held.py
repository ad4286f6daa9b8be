"""Everything that is sealed and lasts: what a rotation seals anew, and an inspection tries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.models import NotificationTarget, SecretField, StoredSecret
from seatbeacon.beacon.secrets.store import place_of, target_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

ADDRESS = "Notification Address"
ENTER_AGAIN = "Enter it again under Administration, Notifications."


@dataclass(frozen=True, kw_only=True)
class Held:
    """A sealed secret: whose it is, what people call it, and how to give it again where it is lost.

    It opens at `place` alone; `store` puts what was sealed anew in its place.
    """

    owner: str
    label: str
    sealed: bytes
    place: bytes
    stored_at: datetime
    remedy: str
    store: Callable[[bytes], object]


_further: list[Callable[[], Iterator[Held]]] = []


def register(source: Callable[[], Iterator[Held]]) -> None:
    """Let what `source` gives count as held. For applications above the control plane, as they get ready."""
    if source not in _further:
        _further.append(source)


def all_held() -> Iterator[Held]:
    """Every sealed secret, connections first."""
    for row in StoredSecret.objects.select_related("connection").order_by("connection__name", "field"):
        field, name = SecretField(row.field), row.connection.name
        yield Held(
            owner=name,
            label=field.label,
            sealed=bytes(row.sealed),
            place=place_of(row.connection_id, field),
            stored_at=row.stored_at,
            remedy=how_to_give(name, field),
            store=lambda sealed, pk=row.pk: StoredSecret.objects.filter(pk=pk).update(sealed=sealed),  # type: ignore[misc] # a lambda's default
        )
    for target in NotificationTarget.objects.order_by("name"):
        yield Held(
            owner=target.name,
            label=ADDRESS,
            sealed=bytes(target.sealed),
            place=target_place(target.pk),
            stored_at=target.created_at,
            remedy=ENTER_AGAIN,
            store=lambda sealed, pk=target.pk: NotificationTarget.objects.filter(pk=pk).update(sealed=sealed),  # type: ignore[misc] # a lambda's default
        )
    for source in _further:
        yield from source()


def how_to_give(connection: str, field: SecretField) -> str:
    """The command that gives a connection one of its secrets again."""
    if field is SecretField.REFRESH_TOKEN:
        return f'seatbeacon connection authorize "{connection}"'
    option = "--certificate" if field is SecretField.CERTIFICATE else f"--{field.value}-file"
    return f'seatbeacon connection edit "{connection}" {option} FILE'
