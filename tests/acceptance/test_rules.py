"""Rules at the command line: listed, set, reset, and those of one's own checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.own_rule import OWN_RULE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import CommandLine


def listed(seatbeacon: CommandLine, *more: str) -> dict[str, dict[str, Any]]:
    lines = seatbeacon("rule", "list", "--format", "json", *more).stdout.splitlines()
    return {row["rule"]: row for row in map(json.loads, lines)}


def test_a_rule_is_set_and_reset(seatbeacon: CommandLine) -> None:
    assert listed(seatbeacon)["inactive"]["thresholds"] == "days=90"
    seatbeacon("rule", "set", "inactive", "--off")
    seatbeacon("rule", "set", "inactive", "--threshold", "days=60")
    told = listed(seatbeacon)["inactive"]
    assert (told["on"], told["thresholds"], told["set"]) == (False, "days=60", True)
    seatbeacon("rule", "reset", "inactive")
    told = listed(seatbeacon)["inactive"]
    assert (told["on"], told["thresholds"], told["set"]) == (True, "days=90", False)
    seatbeacon("rule", "set", "all", "--threshold", "grace_days=45")
    shown = seatbeacon("rule", "show", "all", "--format", "json").stdout.splitlines()
    assert [json.loads(line)["value"] for line in shown] == [45, 10]


def test_what_no_rule_can_be_is_refused_and_changes_nothing(seatbeacon: CommandLine) -> None:
    assert (
        "Give 7 to 730 days"
        in seatbeacon("rule", "set", "inactive", "--threshold", "days=5", status=1).stderr
    )
    assert (
        "no threshold 'weeks'"
        in seatbeacon("rule", "set", "inactive", "--threshold", "weeks=5", status=1).stderr
    )
    assert "There is no rule 'nope'" in seatbeacon("rule", "set", "nope", "--off", status=1).stderr
    assert "cannot be switched" in seatbeacon("rule", "set", "all", "--off", status=1).stderr
    seatbeacon("rule", "set", "inactive", status=2)
    seatbeacon("rule", "set", "inactive", "--threshold", "days", status=2)
    assert not any(row["set"] for row in listed(seatbeacon).values())


def test_rules_of_ones_own_are_checked_one_by_one(seatbeacon: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    seatbeacon.environ["SEATBEACON_RULES"] = str(folder)
    assert "does not exist" in seatbeacon("rule", "check", status=1).stderr
    folder.mkdir()
    (folder / "visio.toml").write_text(OWN_RULE, encoding="utf-8")
    assert "that can be used: 1; that cannot: 0." in seatbeacon("rule", "check").stdout
    assert listed(seatbeacon)["idle-visio"]["file"] == str(folder / "visio.toml")
    wrong = OWN_RULE.replace("idle-visio", "other").replace("the user's department is", "the user's dept is")
    (folder / "bad.toml").write_text(wrong, encoding="utf-8")
    told = seatbeacon("rule", "check", status=1)
    assert "bad.toml: when[0]" in told.stderr
    assert "that can be used: 1; that cannot: 1." in told.stdout
    assert "idle-visio" in listed(seatbeacon)
