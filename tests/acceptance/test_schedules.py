"""Schedules at the command line: made, shown, changed, run, and assigned."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.acceptance.conftest import CommandLine


def shown(seatbeacon: CommandLine, name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(seatbeacon("schedule", "show", name, "--format", "json").stdout)
    return told


def test_a_schedule_is_added_assigned_run_and_deleted(seatbeacon: CommandLine) -> None:
    seatbeacon("connection", "add", "Contoso")
    berlin = ["--time-zone", "europe/berlin"]
    added = seatbeacon(
        "schedule", "add", "Every night", "--daily", "--on", "mon-fri", "--at", "02:00", *berlin
    )
    assert "Added schedule “Every night”: Monday to Friday at 02:00, Europe/Berlin." in added.stdout
    assigned = seatbeacon("connection", "schedule", "contoso", "every NIGHT")
    assert assigned.stdout.count("02:00 C") == 5
    told = shown(seatbeacon, "Every night")
    assert len(told["next_runs"]) == 5
    assert [one["connection"] for one in told["connections"]] == ["Contoso"]
    listed = json.loads(seatbeacon("schedule", "list", "--format", "json").stdout)
    assert (listed["connections"], listed["next_run_at"]) == (1, told["next_runs"][0])
    assert (
        json.loads(seatbeacon("connection", "list", "--format", "json").stdout)["schedule"] == "Every night"
    )

    # Only what is given changes.
    seatbeacon("schedule", "edit", "Every night", "--at", "03:00,15:00", "--at-once", "2", "--name", "Twice")
    assert shown(seatbeacon, "Twice")["rule"] == {"times": ["03:00", "15:00"], "weekdays": [1, 2, 3, 4, 5]}

    assert "Queued: Contoso" in seatbeacon("schedule", "run", "Twice").stdout
    again = seatbeacon("schedule", "run", "Twice", status=1)
    assert "Contoso: It was skipped, because import 1 was still queued" in again.stderr
    assert json.loads(seatbeacon("import", "list", "--format", "json").stdout)["trigger"] == "cli"

    assert "Nobody is there to ask" in seatbeacon("schedule", "delete", "Twice", status=2).stderr
    deleted = seatbeacon("schedule", "delete", "Twice", "--yes")
    assert "These connections are not scheduled any more: Contoso" in deleted.stderr
    assert seatbeacon("connection", "schedule", "Contoso").stdout == "“Contoso” is not scheduled.\n"


def test_what_is_wrong_is_said_in_one_line_and_changes_nothing(seatbeacon: CommandLine) -> None:
    for options, words in {
        ("--cron", "* * * * *"): "more often than every 5 minutes",
        ("--every", "four"): "from 5 to 59",
        ("--daily", "--at", "25:00"): "is no time of day",
        ("--hourly", "5", "--time-zone", "Europe/Berlim"): "Did you mean Europe/Berlin",
        ("--monthly", "first-mo", "--at", "02:00"): "is no weekday",
    }.items():
        done = seatbeacon("schedule", "add", "X", *options, status=1)
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
    assert seatbeacon("schedule", "list").stdout == ""
    assert "There is no schedule “X”" in seatbeacon("schedule", "run", "X", status=1).stderr


def test_options_that_do_not_go_together_are_told(seatbeacon: CommandLine) -> None:
    for arguments, words in {
        ("schedule", "add", "X"): "Say how often it runs",
        ("schedule", "add", "X", "--every", "5", "--hourly", "0"): "do not go together",
        ("schedule", "add", "X", "--every", "5", "--at", "02:00"): "takes no --at",
        ("schedule", "add", "X", "--weekly", "mon", "--at", "02:00", "--on", "tue"): "takes no --on",
        ("connection", "schedule", "X", "Y", "--none"): "not both",
    }.items():
        assert words in seatbeacon(*arguments, status=2).stderr
