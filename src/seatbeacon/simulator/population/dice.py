"""Numbers that follow from seed, purpose and index alone."""

from __future__ import annotations

import struct
import uuid
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

FIRST_DAY = date(2026, 9, 1)
"""What day 0 calls today."""
FIRST_ORDINAL = FIRST_DAY.toordinal()

_PACK = struct.Struct("<qQ").pack
_UNPACK = struct.Struct("<32H").unpack
SCALE = 65536
"""Each number lies in [0, SCALE)."""


def roll(seed: int, index: int, purpose: bytes = b"user") -> tuple[int, ...]:
    """Thirty-two independent numbers in [0, 65536) for one thing of one kind."""
    return _UNPACK(blake2b(_PACK(seed, index), digest_size=64, person=purpose).digest())


def guid(seed: int, purpose: str, index: int = 0) -> str:
    """A GUID (version 4 by its looks) for the thing `purpose`/`index`."""
    raw = blake2b(f"{seed}/{purpose}/{index}".encode(), digest_size=16).digest()
    return str(uuid.UUID(bytes=raw, version=4))


@lru_cache(maxsize=16384)
def iso_day(ordinal: int) -> str:
    """The day of a proleptic ordinal as `YYYY-MM-DD`; nothing for 0."""
    return date.fromordinal(ordinal).isoformat() if ordinal else ""


def moment(ordinal: int, salt: int) -> str:
    """A time on the day `ordinal` as Graph writes it, e.g. `2026-09-01T08:14:55Z`."""
    return f"{iso_day(ordinal)}T{6 + salt % 12:02d}:{salt // 12 % 60:02d}:{salt // 720 % 60:02d}Z"


def today(day: int) -> date:
    """The calendar day that day N of a simulation calls today."""
    return FIRST_DAY + timedelta(days=day)


def days_until_today() -> int:
    """The day of a simulation that is today by this machine's clock; 0 before its first day."""
    return max(0, (utc_now().date() - FIRST_DAY).days)


def utc_now() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)
