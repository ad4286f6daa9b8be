from __future__ import annotations

import pytest

from seatbeacon.cli.output.text import shown, width
from seatbeacon.inventory.formulas import neutral_cell
from seatbeacon.inventory.neutral import neutral, neutral_line


@pytest.mark.parametrize("text", ["plain", "Ünïcode", "株式会社", "\u0645\u06cc\u200c\u062e", "👩‍💻"])
def test_text_of_any_script_stays(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize(
    "character", ["\x1b", "\x00", "\n", "\r", "\x9b", "\u202e", "\u2066", "\u2028", "\u200f"]
)
def test_what_steers_a_terminal_does_not_pass(character: str) -> None:
    assert character not in neutral(f"a{character}b")


def test_a_message_is_one_line() -> None:
    assert neutral_line("a\n\n  b\x1b[31m") == "a b�[31m"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_neutralised(start: str) -> None:
    assert neutral_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", [-5, 1.5, None, "plain", ""])
def test_any_other_cell_stays(value: object) -> None:
    assert neutral_cell(value) == value


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert width("株式") == 4
    assert width("e\u0301") == 1
    assert width("abc") == 3


def test_values_are_shown_as_people_read_them() -> None:
    assert [shown(value) for value in (None, True, ["b", "a"], [], "", 0, 1.50)] == [
        "-",
        "yes",
        "b, a",
        "-",
        "-",
        "0",
        "1.5",
    ]
