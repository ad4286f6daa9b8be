"""The form of a schedule: the kind decides which of its fields count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from seatbeacon.beacon.models import Schedule, ScheduleKind
from seatbeacon.beacon.schedules.fields import NTHS, WEEKDAYS
from seatbeacon.beacon.schedules.kinds import LEAST_MINUTES, plain, read_rule
from seatbeacon.beacon.schedules.recurrence import check_pace
from seatbeacon.beacon.schedules.services import MOST_JITTER, Given
from seatbeacon.beacon.schedules.zones import check_zone, host_zone, zone_of

if TYPE_CHECKING:
    from datetime import datetime

    from seatbeacon.beacon.errors import InvalidSchedule
    from seatbeacon.beacon.schedules.kinds import Rule

LONGEST = 400
"""Characters in any field, before it is looked at."""

DAYS = [(str(number), name) for number, name in enumerate(WEEKDAYS, start=1)]
MONTH_DAYS = [
    ("day", "On a day of the month"),
    ("last", "On the last day of the month"),
    ("weekday", "On a weekday, such as the first Monday"),
]
RULE_FIELDS = {
    "minutes": ("every",),
    "hourly": ("minute",),
    "daily": ("times", "weekdays"),
    "weekly": ("weekday", "times"),
    "monthly": ("times",),
    "cron": ("expression",),
}
"""Fields that count for a kind; which day of a month is chosen besides."""

FIRST = {"kind": "daily", "every": "30", "minute": "0", "times": "02:00", "weekday": "7", "day": "1"}
"""What a new schedule's form holds: a start for each kind."""


def _text(label: str, help_text: str = "", **attributes: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attributes}),
        error_messages={"max_length": f"{label} is longer than {LONGEST} characters."},
    )


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        error_messages={"invalid_choice": f"{label}: choose one of those that are offered."},
    )


class ScheduleForm(forms.Form):
    """A schedule as typed; `given()` is what the beacon's services take. `before` is the one to edit."""

    use_required_attribute = False

    name = _text("Name", "Such as “Every night”. Connections choose it by this name.")
    kind = _choice("Runs", list(ScheduleKind.choices))
    every = _text(
        "Minutes between two runs",
        f"{LEAST_MINUTES} to 59. They keep their pace through daylight saving.",
        inputmode="numeric",
    )
    minute = _text(
        "Minute of the hour", "0 to 59. Every hour, through daylight saving too.", inputmode="numeric"
    )
    weekdays = forms.MultipleChoiceField(
        label="On these weekdays",
        required=False,
        choices=DAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Weekdays: choose from those that are offered."},
    )
    weekday = _choice("Weekday", DAYS)
    month_on = _choice("Day", MONTH_DAYS)
    day = _text("Day of the month", "1 to 31. Months without that day are left out.", inputmode="numeric")
    nth = _choice("Which one", [(nth, nth.capitalize()) for nth in NTHS])
    nth_weekday = _choice("Weekday", DAYS)
    times = _text("Times of day", "Such as 02:00; several with commas: 02:00, 14:00.")
    expression = _text("Cron expression", "Minute, hour, day of month, month, weekday: 30 2 * * 1-5.")
    time_zone = _text("Time zone", "Times are this zone’s local time. Type to search.", list="zones")
    at_once = _text(
        "Connections at once",
        "1: they run one after the other, in the order of their names.",
        inputmode="numeric",
    )
    jitter_seconds = _text(
        "Jitter, in seconds",
        f"0 to {MOST_JITTER}. Each import begins at random up to so much later, so that a large fleet does "
        "not ask all at once.",
        inputmode="numeric",
    )

    def __init__(self, data: Any = None, *, before: Schedule | None = None) -> None:
        super().__init__(data, initial=initial(before))
        self.before = before

    def rule(self) -> Rule:
        """The rule of the chosen kind. Raises InvalidSchedule."""
        typed = self.cleaned_data
        kind = str(typed.get("kind", ""))
        fields = {name: typed.get(name, "") for name in RULE_FIELDS.get(kind, ())}
        if kind == ScheduleKind.MONTHLY:
            fields |= self._day_of_month()
        return read_rule(kind, fields)

    def _day_of_month(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if typed.get("month_on") == "weekday":
            return {"nth": typed.get("nth", ""), "weekday": typed.get("nth_weekday", "")}
        # Nothing typed is no day, rather than the weekday that the command line may give instead.
        return {"day": "last" if typed.get("month_on") == "last" else typed.get("day") or "0"}

    def unsaved(self, now: datetime) -> Schedule:
        """A schedule with the times that are typed, to tell what they would mean. Raises InvalidSchedule."""
        rule = self.rule()
        zone = check_zone(self.cleaned_data.get("time_zone", ""))
        check_pace(rule, zone_of(zone), now)
        return Schedule(kind=rule.kind, rule=plain(rule), time_zone=zone)

    def given(self) -> Given:
        """Everything that is typed. Raises InvalidSchedule."""
        typed = self.cleaned_data
        return Given(
            name=typed["name"],
            rule=self.rule(),
            time_zone=typed["time_zone"],
            jitter_seconds=typed["jitter_seconds"] or "0",
            at_once=typed["at_once"],
        )

    def refuse(self, error: InvalidSchedule) -> None:
        """Put what the beacon refused beside its field."""
        field = error.field
        if field == "weekday" and self.cleaned_data.get("kind") == ScheduleKind.MONTHLY:
            field = "nth_weekday"
        self.add_error(field if field in self.fields else None, str(error))


def initial(before: Schedule | None) -> dict[str, Any]:
    """What the form holds at first: the stored schedule, with a start for the kinds that it is not."""
    start: dict[str, Any] = {
        **FIRST,
        "weekdays": [value for value, _ in DAYS],
        "month_on": "day",
        "nth": "first",
        "nth_weekday": "1",
        "expression": "",
        "time_zone": host_zone(),
        "at_once": "1",
        "jitter_seconds": "0",
    }
    if before is None:
        return start
    rule = dict(before.rule)
    if "times" in rule:
        rule["times"] = ", ".join(rule["times"])
    if "weekdays" in rule:
        rule["weekdays"] = [str(day) for day in rule["weekdays"]]
    if before.kind == ScheduleKind.MONTHLY:
        rule["month_on"] = "weekday" if "nth" in rule else "last" if rule.get("day") == "last" else "day"
        if "weekday" in rule:
            rule["nth_weekday"] = rule.pop("weekday")
        if rule.get("day") == "last":
            rule.pop("day")
    return (
        start
        | rule
        | {
            "name": before.name,
            "kind": before.kind,
            "time_zone": before.time_zone,
            "at_once": before.at_once,
            "jitter_seconds": before.jitter_seconds,
        }
    )
