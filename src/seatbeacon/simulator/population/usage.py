"""When each account last used what, as it is known on a report's refresh date."""

from __future__ import annotations

from typing import NamedTuple

from seatbeacon.simulator.population.dice import FIRST_ORDINAL, SCALE, roll
from seatbeacon.simulator.population.users import Kind, SimUser

SERVICES = ("Exchange", "OneDrive", "SharePoint", "Viva Engage", "Teams", "Copilot")
APPS = ("Outlook", "Word", "Excel", "PowerPoint", "OneNote", "Teams")
PLATFORMS = ("Windows", "Mac", "Mobile", "Web")
PERIODS = (7, 30, 90, 180)
REPORT_LAG = 2
"""Days by which the usage reports stay behind today (`facts/graph.md` §2.3: within 48 hours)."""
COPILOT_LAG = 3
"""The Copilot report comes within 72 hours."""

_OFTEN = (1, 1, 1, 2, 3, 1, 2, 4)
_SELDOM = (5, 7, 14, 30, 45, 60, 100, 210)
_ON_THE_EDGE = 75
_EDGES = (6, 7, 29, 30, 89, 90, 179, 180)
"""A few are always at the last day inside a period, or the first outside."""
_LAGS: tuple[tuple[int | None, ...], ...] = (
    (0, None, 1, 9),
    (0, None, None, None),
    (0, None, 40, 3),
    (None, 0, 2, 5),
    (None, None, 0, 0),
    (0, 95, 0, 12),
    (None, None, None, 0),
    (3, None, 0, None),
)
"""Platform profiles: days by which each platform stays behind an app's last use; None where it is never
used."""


class Usage(NamedTuple):
    """Last days of use as ordinals, 0 for never. `services` follows SERVICES; `apps` is app by platform, row
    by row."""

    services: tuple[int, ...]
    apps: tuple[int, ...]
    mobile: str
    """`iOS` or `Android`."""
    rare: str | None
    """`Linux` or `ChromeOS`, where Teams was used there as well."""

    def app_mask(self, refresh: int, period: int) -> int:
        """Bit a·4+p is set where app `a` was used on platform `p` within the period that ends on
        `refresh`."""
        mask, since = 0, refresh - period
        for bit, last in enumerate(self.apps):
            if last > since:
                mask |= 1 << bit
        return mask


_NEVER_APPS = (0,) * (len(APPS) * len(PLATFORMS))
NO_USAGE = Usage((0,) * len(SERVICES), _NEVER_APPS, "iOS", None)


def usage(seed: int, user: SimUser, entitled: frozenset[str], refresh: int) -> Usage:
    """What `user`, at any time entitled to those applications, had done by the day `refresh` (an ordinal).

    Some did more than any license of theirs tells. Days never go back: what is known once stays known.
    """
    if user.kind is Kind.PERSON and user.h[24] % 12 == 0:
        entitled = entitled.union(SERVICES[:5], APPS)
    if not entitled or user.kind is Kind.SHARED:
        return NO_USAGE
    number = roll(seed, user.index, b"usage")
    habit = number[0] * 100 // SCALE
    if not user.enabled:
        habit = 80 + habit // 5
    services = tuple(
        _last(
            number,
            position,
            habit,
            refresh - (COPILOT_LAG - REPORT_LAG if name == "Copilot" else 0),
            user.created_day,
        )
        if name in entitled
        else 0
        for position, name in enumerate(SERVICES)
    )
    base = max(services[:2])
    lasts = (
        services[0] if number[10] % 6 else 0,
        *(
            (base - number[11 + app] % 5 * (number[12] % 9)) if base and number[11 + app] % 4 else 0
            for app in range(4)
        ),
        services[4],
    )
    lags = _LAGS[number[20] % len(_LAGS)]
    apps = tuple(
        last - lag if last and lag is not None and app in entitled else 0
        for app, last in zip(APPS, lasts, strict=True)
        for lag in lags
    )
    rare = ("Linux" if number[21] % 2 else "ChromeOS") if services[4] and number[22] % 40 == 0 else None
    return Usage(services, apps, "Android" if number[21] % 3 == 0 else "iOS", rare)


def _last(number: tuple[int, ...], position: int, habit: int, refresh: int, created: int) -> int:
    mine = number[1 + position]
    if mine % 11 == 0 or habit >= 93:
        return 0
    if habit == _ON_THE_EDGE:
        last = refresh - _EDGES[number[9] % len(_EDGES)]
    elif habit < 76:
        beats = _OFTEN if habit < 56 else _SELDOM
        beat = beats[mine // 11 % 8]
        last = refresh - (refresh - mine // 88) % beat
    else:
        last = min(FIRST_ORDINAL - number[8] % 700 - mine % 30 * 3, refresh)
    return last if last > created else 0
