"""The reference pages say what the code says, and the documentation's links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.reference import FOLDER, PAGES

ROOT = Path(__file__).resolve().parents[3]
TEXTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_what_the_code_says(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/reference/{name} fell behind the code: run `make docs`"


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    written = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("rules/*.md")}
    assert written == {name for name in PAGES if name.startswith("rules/")}


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_the_documentation_leads_to_a_file(text: Path) -> None:
    broken = [
        link for link in LINK.findall(text.read_text(encoding="utf-8")) if not (text.parent / link).exists()
    ]
    assert broken == []
