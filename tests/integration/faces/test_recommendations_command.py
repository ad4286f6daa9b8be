"""The command line decides on recommendations, exempts, and takes back; whatever is wrong changes nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.models import AuditEntry, Decision, Exempted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def keys(home: Settings, command: Callable[..., str]) -> list[str]:
    listed = command("list", "recommendations", "--filter", "rule=unassigned", "--format", "json")
    return [json.loads(line)["key"] for line in listed.splitlines()]


def decide(command: Callable[..., str], *arguments: str, status: int = 0) -> str:
    return command("recommendation", "decide", *arguments, status=status)


def test_keys_are_decided_on_and_taken_back(keys: list[str], command: Callable[..., str]) -> None:
    told = decide(command, "in-work", *keys[:2], "--yes")
    assert "2 recommendations: no price is known." in told
    assert "Decided on 2 recommendations: in work." in told
    assert set(Decision.objects.values_list("key", "state")) == {(key, "in work") for key in keys[:2]}
    entry = AuditEntry.objects.get(action="recommendations.decided")
    assert "command line" in entry.actor
    act = Decision.objects.values_list("batch", flat=True)[0]
    assert "2 recommendations stand as before" in command("recommendation", "undo", act)
    assert set(Decision.objects.values_list("state", flat=True)) == {"open"}
    assert "nothing to take back" in command("recommendation", "undo", act, status=1)


def test_a_filter_is_decided_on_with_a_reason_and_a_last_day(
    keys: list[str], command: Callable[..., str]
) -> None:
    asked = ("dismissed", "--filter", "rule=unassigned", "--reason", "by  contract", "--until", "2999-12-31")
    assert "Nothing was changed." in decide(command, *asked, "--dry-run")
    assert not Decision.objects.exists()
    decide(command, *asked, "--yes")
    found = Decision.objects.get(key=keys[0])
    assert (found.state, found.reason, str(found.until)) == ("dismissed", "by contract", "2999-12-31")
    assert Decision.objects.count() == len(keys)
    rows = list(csv.DictReader(io.StringIO(command("list", "decisions", "--format", "csv"))))
    assert {row["key"] for row in rows} == set(keys)


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("done",), 2, "Say which"),
        (("gone", "--search", "a"), 2, "Invalid value"),
        (("done", "no/such/key", "--yes"), 1, "No recommendation has the key 'no/such/key'"),
        (("done", "--filter", "rule=nothing", "--yes"), 1, "Nothing matches"),
        (("done", "--filter", "nothing=1", "--yes"), 1, "nothing"),
        (("dismissed", "--filter", "rule=unassigned", "--yes"), 1, "Say why"),
        (("exempted", "--search", "a", "--reason", "x", "--until", "2020-01-01", "--yes"), 1, "is past"),
        (("accepted", "--filter", "rule=unassigned", "--until", "2999-01-01", "--yes"), 1, "last day"),
        (("accepted", "--filter", "rule=unassigned"), 2, "Nobody is there to ask: give --yes"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(
    keys: list[str], command: Callable[..., str], arguments: tuple[str, ...], status: int, told: str
) -> None:
    assert told in decide(command, *arguments, status=status)
    assert not Decision.objects.exists()


def test_one_unknown_key_among_others_decides_nothing(keys: list[str], command: Callable[..., str]) -> None:
    assert "nothing was decided" in decide(command, "done", keys[0], "a/b/c", "--yes", status=1)
    assert not Decision.objects.exists()


def test_an_exemption_is_made_listed_and_ended(keys: list[str], command: Callable[..., str]) -> None:
    product = keys[0].split("/")[1]
    told = command(
        "exemption",
        "add",
        "--product",
        product,
        "--rule",
        "unassigned",
        "--reason",
        "needed",
        "--until",
        "2999-12-31",
    )
    number = re.search(r"number (\d+)", told)
    assert number
    rows = list(csv.DictReader(io.StringIO(command("exemption", "list", "--format", "csv"))))
    assert [(row["rule"], row["reason"], row["until"]) for row in rows] == [
        ("unassigned", "needed", "2999-12-31")
    ]
    left = command("list", "recommendations", "--filter", "rule=unassigned", "--format", "json")
    assert product not in left
    command("exemption", "end", number[1])
    assert not Exempted.objects.exists()
    assert "no exemption" in command("exemption", "end", number[1], status=1)


@pytest.mark.parametrize(
    "given", [("--user", "nobody@nowhere.example"), ("--rule", "no-rule"), ("--product", "x"), ()]
)
def test_what_cannot_be_exempted_is_told(
    home: Settings, command: Callable[..., str], given: tuple[str, ...]
) -> None:
    assert command("exemption", "add", "--reason", "x", *given, status=1)
    assert not Exempted.objects.exists()


def test_reports_are_written_of_all_and_of_each_department(
    home: Settings, command: Callable[..., str], tmp_path: Path
) -> None:
    whole = tmp_path / "all.pdf"
    command("recommendation", "report", "--output", str(whole))
    assert whole.read_bytes().startswith(b"%PDF-")
    folder = tmp_path / "each"
    told = command(
        "recommendation", "report", "--each", str(folder), "--by", "department", "--format", "xlsx"
    )
    files = list(folder.iterdir())
    assert f"Wrote {len(files)} reports" in told
    assert len(files) > 1
    assert all(file.read_bytes().startswith(b"PK") for file in files)
    assert "Say where to write" in command("recommendation", "report", status=2)
