"""The command line says who is away, lists it, and takes it back; whatever is wrong changes nothing."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import Absence, AuditEntry
from seatbeacon.inventory.query import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings


@pytest.fixture
def user(home: Settings) -> str:
    file = version_path(home, choose_version(None))
    return str(next(iter(run(file, "users", columns=["user_principal_name"], limit=1).rows))[0])


def test_leave_is_noted_listed_and_forgotten(user: str, command: Callable[..., str]) -> None:
    told = command("leave", "add", user, "--from", "2026-01-01", "--until", "2026-12-31", "--reason", "away")
    rows = list(csv.DictReader(io.StringIO(command("leave", "list", "--format", "csv"))))
    assert [(row["begins"], row["ends"], row["days_after"], row["reason"]) for row in rows] == [
        ("2026-01-01", "2026-12-31", "30", "away")
    ]
    assert "command line" in AuditEntry.objects.get(action="leave.added").actor
    number = re.search(r"number (\d+)", told)
    assert number
    command("leave", "end", number[1])
    assert not Absence.objects.exists()
    assert "no leave" in command("leave", "end", number[1], status=1)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--from", "2026-02-01", "--until", "2026-01-01"), "before the first"),
        (("--days-after", "400"), "between 0 and 365"),
    ],
)
def test_what_cannot_be_is_told(
    user: str, command: Callable[..., str], given: tuple[str, ...], told: str
) -> None:
    assert told in command("leave", "add", user, *given, status=1)
    assert "No user is called" in command("leave", "add", "nobody@nowhere.example", status=1)
    assert not Absence.objects.exists()
