"""Tell each target what it asked to be told of, once per state.

Any number of workers may call this at the same time: a notice is claimed by an update that must change one
row. A worker that dies between claim and delivery leaves a notice that is tried again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from seatbeacon.beacon.errors import NotificationError, SecretError
from seatbeacon.beacon.models import Notice, NotificationTarget
from seatbeacon.beacon.notifications.conditions import Condition, conditions
from seatbeacon.beacon.notifications.delivery import Message
from seatbeacon.beacon.notifications.targets import send

if TYPE_CHECKING:
    from seatbeacon.beacon.secrets.keys import KeyRing
    from seatbeacon.beacon.settings import Settings

logger = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 360))
"""Before the second attempt, the third, and so on; the last goes on until the thing is over."""


def notify(settings: Settings, ring: KeyRing, now: datetime) -> int:
    """Send what is due as of `now` (aware UTC), and return how many notices were delivered."""
    targets = list(NotificationTarget.objects.filter(enabled=True))
    if not targets:
        return 0
    standing = conditions(settings, now)
    delivered = 0
    for target in targets:
        wanted = {each.key: each for each in standing if each.event in target.events}
        Notice.objects.filter(target=target).exclude(key__in=list(wanted)).delete()
        told = {notice.key: notice for notice in Notice.objects.filter(target=target)}
        for key, condition in wanted.items():
            if _claimed(target, condition, told.get(key), now):
                delivered += _tell(settings, ring, target, condition)
    return delivered


def _claimed(target: NotificationTarget, condition: Condition, told: Notice | None, now: datetime) -> bool:
    """Whether this caller is the one to send it now; nobody else is, until the next attempt is due."""
    if told is None:
        try:
            with transaction.atomic():
                Notice.objects.create(
                    target=target,
                    key=condition.key,
                    state=condition.state,
                    attempts=1,
                    next_attempt_at=now + PAUSES[0],
                )
        except IntegrityError:
            return False
        return True
    same = told.state == condition.state
    if same and (told.delivered or (told.next_attempt_at is not None and told.next_attempt_at > now)):
        return False
    attempts = told.attempts + 1 if same else 1
    claim = Notice.objects.filter(
        pk=told.pk, state=told.state, attempts=told.attempts, delivered=told.delivered
    )
    changed = claim.update(
        state=condition.state,
        delivered=False,
        attempts=attempts,
        next_attempt_at=now + PAUSES[min(attempts, len(PAUSES)) - 1],
    )
    return changed == 1


def _tell(settings: Settings, ring: KeyRing, target: NotificationTarget, condition: Condition) -> bool:
    where = f"{settings.base_url}{condition.path}" if settings.base_url else f"Page: {condition.path}"
    text = "\n\n".join(part for part in (condition.text, where) if part)
    try:
        send(ring, target, Message(title=condition.title, text=text, serious=condition.serious))
    except (NotificationError, SecretError) as error:
        logger.warning("Notification “%s”: %s", target.name, error)
        return False
    Notice.objects.filter(target=target, key=condition.key, state=condition.state).update(delivered=True)
    return True
