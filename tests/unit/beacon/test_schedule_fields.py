"""The fields of schedules: what is understood, what is refused and in which words, and the summary."""

from __future__ import annotations

from typing import Any

import pytest

from seatbeacon.beacon.errors import InvalidSchedule
from seatbeacon.beacon.schedules import zones
from seatbeacon.beacon.schedules.fields import check_name
from seatbeacon.beacon.schedules.kinds import read_rule
from seatbeacon.beacon.schedules.zones import check_zone, host_zone, zone_names, zone_of


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("minutes", {"every": "15"}, "Every 15 minutes"),
        ("hourly", {"minute": "0"}, "Every hour, on the hour"),
        ("hourly", {"minute": 5}, "Every hour at 5 minutes past"),
        ("daily", {"times": "2:00"}, "Every day at 02:00"),
        ("daily", {"times": "14:30, 02:00", "weekdays": "mon-fri"}, "Monday to Friday at 02:00 and 14:30"),
        ("daily", {"times": "02:00", "weekdays": "Sat-Mon"}, "Every Monday, Saturday and Sunday at 02:00"),
        ("weekly", {"weekday": "Sunday", "times": "03:15"}, "Every Sunday at 03:15"),
        ("monthly", {"day": 1, "times": "02:00"}, "On the 1st of each month at 02:00"),
        (
            "monthly",
            {"day": "31", "times": "02:00"},
            "On the 31st of each month at 02:00; months without a 31st are left out",
        ),
        ("monthly", {"day": "last", "times": "02:00"}, "On the last day of each month at 02:00"),
        (
            "monthly",
            {"nth": "second", "weekday": "Tue", "times": "02:00"},
            "On the second Tuesday of each month at 02:00",
        ),
        ("cron", {"expression": "30  2 * * mon-fri"}, "At 02:30 on Monday through Friday"),
        ("cron", {"expression": "0 2 31 * *"}, "At 02:00 on the 31st day of every month"),
    ],
)
def test_a_rule_says_itself_in_words(kind: str, fields: dict[str, Any], words: str) -> None:
    assert read_rule(kind, fields).summary() == words


@pytest.mark.parametrize(
    ("kind", "fields", "field", "words"),
    [
        ("minutes", {"every": "4"}, "every", "from 5 to 59"),
        ("minutes", {"every": "١٥"}, "every", "from 5 to 59"),
        ("minutes", {"every": True}, "every", "from 5 to 59"),
        ("minutes", {}, "every", "from 5 to 59"),
        ("hourly", {"minute": "60"}, "minute", "from 0 to 59"),
        ("daily", {"times": ""}, "times", "Give a time of day"),
        ("daily", {"times": "25:00"}, "times", "“25:00” is no time of day"),
        ("daily", {"times": "02:00", "weekdays": []}, "weekdays", "at least one weekday"),
        ("daily", {"times": "02:00", "weekdays": "mo"}, "weekdays", "“mo” is no weekday"),
        ("weekly", {"times": "02:00"}, "weekday", "Choose a weekday"),
        ("monthly", {"times": "02:00"}, "day", "1 to 31"),
        ("monthly", {"times": "02:00", "day": "32"}, "day", "from 1 to 31"),
        ("monthly", {"times": "02:00", "nth": "sixth", "weekday": "mon"}, "nth", "first, second"),
        ("cron", {"expression": ""}, "expression", "Give a cron expression"),
        ("cron", {"expression": "0 2 * *"}, "expression", "has five fields, this one 4"),
        ("cron", {"expression": "0 25 * * *"}, "expression", "its hour cannot be read"),
        ("cron", {"expression": f"0 2 * * {'1,' * 60}1"}, "expression", "longer than"),
        ("yearly", {}, "kind", "Choose a kind"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(
    kind: str, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(InvalidSchedule) as refused:
        read_rule(kind, fields)
    assert refused.value.field == field
    assert words in str(refused.value)


def test_a_name_is_trimmed_and_can_be_shown() -> None:
    assert check_name("  Every   night ") == "Every night"
    for wrong in ("", " \t", "x" * 101, "a\x00b"):
        with pytest.raises(InvalidSchedule):
            check_name(wrong)


def test_a_zone_is_found_in_any_case_and_a_wrong_one_is_told_its_neighbours() -> None:
    assert check_zone(" europe/berlin ") == "Europe/Berlin"
    assert check_zone("utc") == "UTC"
    for wrong, hint in {
        "Europe/Berlim": "Europe/Berlin",
        "berlin": "Europe/Berlin",
        "": "Choose a time zone",
        "../../etc/passwd": "IANA",
    }.items():
        with pytest.raises(InvalidSchedule, match=hint):
            check_zone(wrong)


def test_the_zones_to_choose_from_are_places_and_utc() -> None:
    names = zone_names()
    assert {"UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"} <= set(names)
    assert not any(name.startswith(("Etc/", "posix/")) for name in names)


def test_the_zone_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("TZ", ":Asia/Kolkata")
    assert host_zone() == "Asia/Kolkata"
    monkeypatch.setenv("TZ", "no such zone")
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Europe/Paris")
    monkeypatch.setattr(zones, "_LOCALTIME", link)
    assert host_zone() == "Europe/Paris"
    monkeypatch.setattr(zones, "_LOCALTIME", tmp_path / "none")
    assert host_zone() == "UTC"


def test_a_zone_that_this_machine_lost_does_not_stop_imports() -> None:
    assert zone_of("Mars/Olympus").key == "UTC"
