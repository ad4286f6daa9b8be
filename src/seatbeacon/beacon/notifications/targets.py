"""The targets of notifications: made, changed, tested and removed by administrators."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from seatbeacon.beacon.audit import Actor, record
from seatbeacon.beacon.errors import NotificationError
from seatbeacon.beacon.models import Event, NotificationTarget
from seatbeacon.beacon.notifications.delivery import Message, deliver, service_of
from seatbeacon.beacon.secrets.sealing import open_sealed, seal
from seatbeacon.beacon.secrets.store import target_place, writing
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.beacon.secrets.keys import KeyRing


def save_target(
    ring: KeyRing,
    *,
    actor: Actor,
    name: str,
    events: Sequence[str],
    address: Secret | None = None,
    enabled: bool = True,
    target: NotificationTarget | None = None,
) -> NotificationTarget:
    """Make a target, or change `target`; without `address` it keeps the one it has.

    Raises NotificationError where the name is taken, no event is chosen, or the address is none.
    """
    chosen = [event for event in Event.values if event in events]
    if not chosen:
        raise NotificationError("Choose at least one event to be notified of.")
    if target is None and address is None:
        raise NotificationError("Give the address that notifications go to.")
    service = service_of(address) if address is not None else ""
    new = target is None
    target = target or NotificationTarget(created_at=datetime.now(UTC), sealed=b"")
    target.name, target.events, target.enabled = name.strip(), chosen, enabled
    try:
        with transaction.atomic(), writing():
            target.save()
            if address is not None:
                target.service = service
                target.sealed = seal(ring, address.reveal().encode(), target_place(target.pk))
                target.problem = ""
                target.save()
                # What another address was told, this one was not.
                target.notices.all().delete()
            record(
                actor,
                "notification.added" if new else "notification.edited",
                target.name,
                service=target.service,
                events=chosen,
                enabled=enabled,
                new_address=address is not None,
            )
    except IntegrityError as error:
        raise NotificationError(f"Another notification is called “{target.name}” already.") from error
    return target


def delete_target(target: NotificationTarget, *, actor: Actor) -> None:
    """Remove a target, with what it was told."""
    with transaction.atomic():
        record(actor, "notification.deleted", target.name, service=target.service)
        target.delete()


def send_test(ring: KeyRing, target: NotificationTarget, *, actor: Actor) -> None:
    """Send a test message now, and keep how it went. Raises NotificationError or SecretError."""
    record(actor, "notification.tested", target.name, service=target.service)
    message = Message(
        title="Seatbeacon: a test",
        text="This is how Seatbeacon will tell you of what needs you. Nothing needs to be done.",
    )
    send(ring, target, message)


def send(ring: KeyRing, target: NotificationTarget, message: Message) -> None:
    """Send `message` to `target`, and keep how it went. Raises NotificationError or SecretError."""
    rows = NotificationTarget.objects.filter(pk=target.pk)
    try:
        what = f"address of notification “{target.name}”"
        deliver(
            Secret(open_sealed(ring, bytes(target.sealed), target_place(target.pk), what).decode()), message
        )
    except NotificationError as error:
        rows.update(problem=str(error))
        raise
    rows.update(problem="", sent_at=datetime.now(UTC))
