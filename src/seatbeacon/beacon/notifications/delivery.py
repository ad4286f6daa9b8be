"""Hand one message to one target, by Apprise."""

from __future__ import annotations

import contextlib
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import NotificationError

if TYPE_CHECKING:
    from collections.abc import Generator

    from seatbeacon.graph.secret import Secret

EXAMPLES = (
    "such as mailtos://user:password@mail.example?to=licenses@example.org, or json://hooks.example/path"
)
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, kw_only=True)
class Message:
    """Plain text, whatever the service makes of it. `serious` is something that fails already."""

    title: str
    text: str
    serious: bool = False


def service_of(address: Secret) -> str:
    """The name of the service that an Apprise address leads to. Raises NotificationError for no address."""
    import apprise  # noqa: PLC0415 - a hundred services: seconds that only senders pay

    if len(address.reveal()) > LONGEST_ADDRESS:
        raise NotificationError(f"The address is longer than {LONGEST_ADDRESS:,} characters.")
    with _heard():
        target = apprise.Apprise.instantiate(address.reveal(), suppress_exceptions=True)
    if target is None:
        raise NotificationError(f"This is no address that a notification can go to. Give one {EXAMPLES}.")
    return str(target.service_name)


def deliver(address: Secret, message: Message) -> None:
    """Send `message`. Raises NotificationError, which tells why and nothing of the address."""
    import apprise  # noqa: PLC0415 - as above

    carrier = apprise.Apprise()
    with _heard() as said:
        taken = carrier.add(address.reveal()) and carrier.notify(
            title=message.title,
            body=message.text,
            notify_type=apprise.NotifyType.FAILURE if message.serious else apprise.NotifyType.WARNING,
            body_format=apprise.NotifyFormat.TEXT,
        )
    if not taken:
        reason = _without(address.reveal(), said[-1]) if said else "the other side did not take it"
        raise NotificationError(f"The notification was not delivered: {reason.rstrip('.')}.")


@contextlib.contextmanager
def _heard() -> Generator[list[str]]:
    """What Apprise logs meanwhile in this thread; nothing of it goes on to our own logs."""
    said: list[str] = []
    logger = logging.getLogger("apprise")
    handler = _Hearing(said)
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield said
    finally:
        logger.removeHandler(handler)


class _Hearing(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._said = said
        self._thread = logging.LogRecord("", 0, "", 0, "", None, None).thread

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self._said.append(record.getMessage())


def _without(address: str, text: str) -> str:
    """`text` with every longer part of the address masked: tokens and passwords stand in it."""
    for part in re.split(r"[^\w.+-]+", address):
        if len(part) >= 6:
            text = text.replace(part, "********")
    return text
