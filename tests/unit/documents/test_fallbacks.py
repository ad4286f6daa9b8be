"""Letters that the shipped font lacks are printed in a font of the machine, or it is said that they are □."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from seatbeacon.documents import Column, Document, Table, fallbacks, write_document
from seatbeacon.documents.pdf import _LACKING, _Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "DroidSansFallbackFull.ttf"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that holds all the fonts of the machine."""
    monkeypatch.setattr(fallbacks, "FOLDERS", (tmp_path / "none", tmp_path))
    fallbacks._place.cache_clear()
    yield tmp_path
    fallbacks._place.cache_clear()


def make_font(path: Path, letters: str) -> None:
    """A font whose letters are squares."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(point)
    pen.closePath()
    square = pen.glyph()
    names = [".notdef", *(f"uni{ord(each):04X}" for each in letters)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(each): f"uni{ord(each):04X}" for each in letters})
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 100)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Squares", "styleName": "Regular", "psName": "Squares"})
    builder.setupOS2()
    builder.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)


def document(*names: str) -> Document:
    table = Table("people", "People", (Column("name", "Name"),), [(name,) for name in names])
    return Document("Title", "Lead", (), (), (table,), "Foot")


def says_what_is_lacking(of: Document) -> bool:
    sheet = _Sheet(of, "P")
    sheet.front()
    sheet.output()
    return sheet._lacking


def test_a_font_of_the_machine_is_embedded_where_it_is_needed(machine: Path) -> None:
    make_font(machine / "truetype" / NAME, "山田太郎")
    printed = write_document(document("山田 太郎", "Jana Novák"), "pdf")
    assert b"Squares" in printed
    assert not says_what_is_lacking(document("山田 太郎"))
    assert b"Squares" not in write_document(document("Jana Novák", "Ольга"), "pdf")


def test_letters_that_no_font_has_are_told(machine: Path) -> None:
    make_font(machine / NAME, "山田")
    assert says_what_is_lacking(document("山田 太郎"))
    assert "□" in _LACKING
    assert len(write_document(document("山田 太郎"), "pdf")) > len(write_document(document("山田"), "pdf"))


def test_without_a_font_or_with_a_damaged_one_a_report_is_printed_all_the_same(machine: Path) -> None:
    assert says_what_is_lacking(document("山田"))
    fallbacks._place.cache_clear()
    (machine / NAME).write_bytes(b"no font")
    assert says_what_is_lacking(document("山田"))
    assert write_document(document("山田"), "pdf").startswith(b"%PDF-")


def test_the_better_font_is_taken_and_others_add_what_it_lacks(machine: Path) -> None:
    make_font(machine / "wqy-microhei.ttc", "山")
    make_font(machine / NAME, "山田")
    found, covered = fallbacks.covering(map(ord, "山田郎"))
    assert [path.name for path in found] == ["wqy-microhei.ttc", NAME]
    assert covered == set(map(ord, "山田"))
