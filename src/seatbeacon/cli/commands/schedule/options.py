"""The options that describe a schedule."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.models import Schedule
    from seatbeacon.beacon.schedules.kinds import Rule
    from seatbeacon.beacon.schedules.services import Given

_KINDS = ("every", "hourly", "daily", "weekly", "monthly", "cron")
_HOW_OFTEN = ", ".join(f"--{name}" for name in _KINDS)

_OPTIONS = (
    click.option("--every", metavar="MINUTES", help="Every so many minutes, 5 to 59."),
    click.option("--hourly", metavar="MINUTE", help="Every hour at this minute, 0 to 59."),
    click.option("--daily", is_flag=True, help="Every day, or on the days of --on; needs --at."),
    click.option("--weekly", metavar="DAY", help="Every week on this day, such as mon; needs --at."),
    click.option(
        "--monthly",
        metavar="DAY",
        help="Every month on this day: 1 to 31, last, or such as first-monday or last-fri; needs --at.",
    ),
    click.option("--cron", metavar="EXPRESSION", help="A cron expression of five fields."),
    click.option("--at", metavar="HH:MM", multiple=True, help="Time of day; several with commas."),
    click.option("--on", metavar="DAYS", help="Weekdays for --daily, such as mon-fri or mon,thu."),
    click.option("--time-zone", metavar="ZONE", help="IANA time zone; that of this machine by default."),
    click.option("--jitter", metavar="SECONDS", help="Begin each import up to so many seconds later."),
    click.option("--at-once", metavar="N", help="How many of its connections import at once; 1 by default."),
)


def schedule_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """All options of a schedule's fields."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def given_schedule(name: str | None, options: dict[str, Any], before: Schedule | None = None) -> Given:
    """What the options say of a schedule; of its times only the change, where they name no kind.

    Raises click.UsageError where they do not go together, or InvalidSchedule.
    """
    from seatbeacon.beacon.schedules.services import Given

    return Given(
        name=name,
        rule=_rule(options, before),
        time_zone=options["time_zone"],
        jitter_seconds=options["jitter"],
        at_once=options["at_once"],
    )


def _rule(options: dict[str, Any], before: Schedule | None) -> Rule | None:
    from seatbeacon.beacon.schedules.kinds import read_rule

    named = [kind for kind in _KINDS if options[kind] not in {None, False}]
    if len(named) > 1:
        raise click.UsageError(f"--{named[0]} and --{named[1]} do not go together: give one of them.")
    more = _times(options)
    if named:
        kind, fields = _kind(named[0], options)
        _refuse_idle(f"--{named[0]}", kind, more)
        return read_rule(kind, fields | more)
    if before is None:
        raise click.UsageError(f"Say how often it runs: give one of {_HOW_OFTEN}.")
    if not more:
        return None
    _refuse_idle(f"The schedule “{before.name}”", before.kind, more)
    return read_rule(before.kind, before.rule | more)


def _times(options: dict[str, Any]) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if options["at"]:
        more["times"] = ",".join(options["at"])
    if options["on"] is not None:
        more["weekdays"] = options["on"]
    return more


def _kind(name: str, options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    value = options[name]
    if name == "monthly":
        nth, dash, weekday = str(value).partition("-")
        return name, ({"nth": nth, "weekday": weekday} if dash else {"day": value})
    return {
        "every": ("minutes", {"every": value}),
        "hourly": ("hourly", {"minute": value}),
        "daily": ("daily", {}),
        "weekly": ("weekly", {"weekday": value}),
        "cron": ("cron", {"expression": value}),
    }[name]


def _refuse_idle(what: str, kind: str, more: dict[str, Any]) -> None:
    """Nothing that is given is left unsaid for being of no use."""
    if "times" in more and kind not in {"daily", "weekly", "monthly"}:
        raise click.UsageError(f"{what} takes no --at: it is for --daily, --weekly and --monthly.")
    if "weekdays" in more and kind != "daily":
        raise click.UsageError(f"{what} takes no --on: it is for --daily.")
