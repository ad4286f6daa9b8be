"""Time zones, by their IANA names."""

from __future__ import annotations

import difflib
import os
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from seatbeacon.beacon.errors import InvalidSchedule

_NOT_FOR_PEOPLE = ("posix/", "right/", "SystemV/", "Etc/")
_LOCALTIME = Path("/etc/localtime")


@cache
def zone_names() -> tuple[str, ...]:
    """The zones to choose from, in order: `Africa/Abidjan` and so on, and UTC."""
    named = {name for name in available_timezones() if "/" in name and not name.startswith(_NOT_FOR_PEOPLE)}
    return tuple(sorted(named | {"UTC"}))


def check_zone(text: str) -> str:
    """The name as IANA spells it. Raises InvalidSchedule, with those that come near it."""
    wanted = text.strip()
    known = _by_folded_name()
    if wanted.casefold() in known:
        return known[wanted.casefold()]
    if not wanted:
        raise InvalidSchedule("time_zone", "Choose a time zone, such as Europe/Berlin.")
    near = difflib.get_close_matches(wanted.casefold(), known, n=3, cutoff=0.7)
    near += [name for name in known if wanted.casefold() in name.split("/")[-1]][:3]
    hint = " or ".join(dict.fromkeys(known[name] for name in near[:3])) or "Europe/Berlin"
    what = "Did you mean" if near else "Give an IANA name, such as"
    raise InvalidSchedule(
        "time_zone", f"There is no time zone “{wanted[:64]}”. {what} {hint}{'?' if near else '.'}"
    )


def zone_of(name: str) -> ZoneInfo:
    """The zone of a stored name. Where this machine no longer knows it, UTC, so that imports go on."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return ZoneInfo("UTC")


def host_zone() -> str:
    """The zone of this machine, as TZ or /etc/localtime say; UTC where neither does."""
    candidates = [os.environ.get("TZ", "").removeprefix(":")]
    target = str(_LOCALTIME.resolve()) if _LOCALTIME.is_symlink() else ""
    candidates.append(target.partition("zoneinfo/")[2].removeprefix("Etc/"))
    known = _by_folded_name()
    return next((known[one.casefold()] for one in candidates if one.casefold() in known), "UTC")


@cache
def _by_folded_name() -> dict[str, str]:
    return {name.casefold(): name for name in (*sorted(available_timezones()), *zone_names())}
