from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING

from seatbeacon.cli.output.rows import print_rows

if TYPE_CHECKING:
    import pytest

KEYS = ("name", "licenses", "seats", "since")
ROWS = [("=cmd()", ["A", "B"], -2, date(2026, 9, 1)), ("株式\x1b", [], 10, None)]


def test_json_is_one_object_per_line(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert print_rows("json", KEYS, ROWS) == 2
    out = capsysbinary.readouterr().out.decode()
    first, second = (json.loads(line) for line in out.splitlines())
    assert first == {"name": "=cmd()", "licenses": ["A", "B"], "seats": -2, "since": "2026-09-01"}
    assert second["since"] is None
    assert "株式" in out


def test_csv_is_neutralised_and_numbers_stay(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    print_rows("csv", KEYS, ROWS)
    lines = list(csv.reader(io.StringIO(capsysbinary.readouterr().out.decode(), newline="")))
    assert lines[0] == list(KEYS)
    assert lines[1] == ["'=cmd()", "A; B", "-2", "2026-09-01"]
    assert lines[2][2:] == ["10", ""]


def test_a_piped_table_is_plain_and_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows("table", KEYS, ROWS, ("Name", "Licenses", "Seats", "Since"))
    head, rule, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["Name", "Licenses", "Seats", "Since"]
    assert set(rule) == {"-", " "}
    assert first.index("-2") + 2 == head.index("Seats") + 5
    assert "\x1b" not in second


def test_an_empty_table_still_has_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    assert print_rows("table", KEYS, []) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == list(KEYS)
