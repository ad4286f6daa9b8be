"""A report printed as PDF, in a font that writes names of many scripts.

Rows are drawn cell by cell: fpdf2's own tables take several times as long, and thousands are printed here.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from fpdf.enums import XPos, YPos

from seatbeacon.documents.fallbacks import covering
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.documents.document import Column, Document, Table

_FONT = "DejaVu"
_MARGIN = 14.0  # millimetres, as all lengths here
_LINE = 4.6
_PAD = 1.4
_MOST_LINES = 3
_LONGEST = 300  # characters of a cell that are looked at
_MISSING = "□"
_LACKING = (
    f"Some names are in letters that no font of this machine has: {_MISSING} stands for them. "
    "The Excel file has them as they are."
)
_PAGES = "{n}"
"""Stands for the number of pages until it is known; a name is not to say it."""
_GREY, _INK, _RULE, _SHADE = (90, 96, 105), (24, 28, 35), (205, 210, 216), (243, 245, 248)
_MANY_COLUMNS = 6


def pdf(document: Document) -> bytes:
    """The file: A4, upright, or across where a table has many columns; heads repeated on every page."""
    wide = any(len(_printed(table)) > _MANY_COLUMNS for table in document.tables)
    sheet = _Sheet(document, "L" if wide else "P")
    sheet.front()
    for table in document.tables:
        sheet.lay_out(table)
    return bytes(sheet.output())


class _Sheet(FPDF):
    """The pages of one report."""

    def __init__(self, document: Document, orientation: str) -> None:
        super().__init__(orientation=orientation, format="A4")
        self._document = document
        self._odd = False
        with as_file(files("seatbeacon.documents") / "fonts") as fonts:
            self.add_font(_FONT, "", fonts / "DejaVuSans.ttf")
            self.add_font(_FONT, "B", fonts / "DejaVuSans-Bold.ttf")
        self._known = set(self.fonts[_FONT.lower()].cmap)  # type: ignore[union-attr] # a TTF, as added
        letters = _letters(document)
        fallbacks, covered = covering(letters - self._known)
        for number, path in enumerate(fallbacks):
            self.add_font(f"{_FONT}{number}", "", path)
        self.set_fallback_fonts([f"{_FONT}{number}" for number in range(len(fallbacks))], exact_match=False)
        self._known |= covered
        self._lacking = bool(letters - self._known)
        self.set_title(document.title)
        self.set_creator("Seatbeacon")
        self.set_lang("en")
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=False)
        self.alias_nb_pages(_PAGES)

    def footer(self) -> None:
        """What stands at the foot of every page."""
        self.set_y(-_MARGIN + 2)
        self._style("", 7.5, _GREY)
        self.cell(self.epw * 0.8, 4, self._fitted(self._document.foot, self.epw * 0.8))
        self.cell(self.epw * 0.2, 4, f"Page {self.page_no()} of {_PAGES}", align="R")

    def front(self) -> None:
        """The title, what is told in short, and what must be known with it."""
        self.add_page()
        self._style("B", 17, _INK)
        self._paragraph(self._document.title, 8)
        self._style("", 10, _GREY)
        self._paragraph(self._document.lead, 5)
        self.ln(3)
        for label, value in self._document.facts:
            self._style("", 9.5, _GREY)
            self.cell(62, 5.4, self._fitted(label, 61))
            self._style("B", 9.5, _INK)
            self._paragraph(value, 5.4)
        for note in (*self._document.notes, *([_LACKING] if self._lacking else [])):
            self.ln(2)
            self._style("", 9, _INK)
            self.set_fill_color(255, 244, 220)
            self.multi_cell(
                0, 5, self._clean(note), fill=True, new_x=XPos.LMARGIN, new_y=YPos.NEXT, padding=2
            )

    def lay_out(self, table: Table) -> None:
        """A table under its title; where not all rows are printed, it says so."""
        self.ln(6)
        self._room(26)
        self._style("B", 12, _INK)
        self._paragraph(table.title, 6.5)
        if table.note:
            self._style("", 8.5, _GREY)
            self._paragraph(table.note, 4.6)
        self.ln(1)
        if not table.rows:
            self._style("", 9, _GREY)
            self._paragraph("Nothing.", 5)
            return
        columns = _printed(table)
        total = sum(column.weight for _, column in columns)
        widths = [self.epw * column.weight / total for _, column in columns]
        self._head(columns, widths)
        self._odd = False
        for row in table.rows[: table.printed]:
            self._row([row[place] for place, _ in columns], columns, widths)
        more = max(len(table.rows), table.count) - min(len(table.rows), table.printed)
        if more > 0:
            self._style("", 8.5, _GREY)
            self._paragraph(f"{_number(more)} more rows are not printed; the Excel file has them.", 6)
        if table.sums is not None:
            self._row([table.sums[place] for place, _ in columns], columns, widths, style="B")

    def _head(self, columns: Sequence[tuple[int, Column]], widths: Sequence[float]) -> None:
        self._style("B", 8, _GREY)
        cells = [
            self._wrapped(column.label, width) for (_, column), width in zip(columns, widths, strict=True)
        ]
        self._draw(cells, columns, widths, None)
        self.set_draw_color(*_INK)
        self.line(self.l_margin, self.y, self.l_margin + self.epw, self.y)

    def _row(
        self,
        row: Sequence[object],
        columns: Sequence[tuple[int, Column]],
        widths: Sequence[float],
        style: str = "",
    ) -> None:
        self._style(style, 8, _INK)
        cells = [
            self._wrapped(_told(value, column), width)
            for value, (_, column), width in zip(row, columns, widths, strict=True)
        ]
        height = max(map(len, cells)) * _LINE + _PAD
        if self.y + height > self.h - _MARGIN - 4:
            self.add_page()
            self._head(columns, widths)
            self._style(style, 8, _INK)
        self._odd = not self._odd
        self._draw(cells, columns, widths, None if self._odd else _SHADE)
        if style:
            self.set_draw_color(*_RULE)
            self.line(self.l_margin, self.y - height, self.l_margin + self.epw, self.y - height)

    def _draw(
        self,
        cells: Sequence[Sequence[str]],
        columns: Sequence[tuple[int, Column]],
        widths: Sequence[float],
        shade: tuple[int, int, int] | None,
    ) -> None:
        height = max(map(len, cells)) * _LINE + _PAD
        top, left = self.y, self.l_margin
        if shade:
            self.set_fill_color(*shade)
            self.rect(left, top, self.epw, height, style="F")
        for lines, (_, column), width in zip(cells, columns, widths, strict=True):
            align = "R" if column.kind in ("number", "money") else "L"
            for place, line in enumerate(lines):
                self.set_xy(left, top + _PAD / 2 + place * _LINE)
                self.cell(width, _LINE, _ordered(line), align=align)
            left += width
        self.set_xy(self.l_margin, top + height)

    def _wrapped(self, text: str, width: float) -> list[str]:
        """The text in at most three lines that fit; the last ends in … where it goes on."""
        rest = self._clean(text[:_LONGEST])
        room = width - 2 * self.c_margin
        if self.get_string_width(rest) <= room:
            return [rest]
        lines: list[str] = []
        while rest and len(lines) < _MOST_LINES:
            if len(lines) == _MOST_LINES - 1:
                lines.append(self._fitted(rest, width))
                break
            end = self._fits(rest, room)
            blank = rest.rfind(" ", 0, end + 1)
            end = blank if blank > 0 and end < len(rest) else end
            lines.append(rest[:end].rstrip())
            rest = rest[end:].lstrip()
        return lines or [""]

    def _fits(self, text: str, room: float) -> int:
        """How many characters fit, one at least."""
        low, high = 1, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.get_string_width(text[:middle]) <= room else (low, middle - 1)
        return low

    def _fitted(self, text: str, width: float) -> str:
        """The text in one line, cut with … where it is too long."""
        clean, room = self._clean(text[:_LONGEST]), width - 2 * self.c_margin
        if self.get_string_width(clean) <= room:
            return clean
        return clean[: self._fits(clean, room - self.get_string_width("…"))].rstrip() + "…"

    def _clean(self, text: str) -> str:
        """The text in one line, □ for what the font does not have."""
        line = neutral_line(text).replace(_PAGES, "…")
        if line.isascii():
            return line
        return "".join(each if ord(each) in self._known else _MISSING for each in line)

    def _paragraph(self, text: str, height: float) -> None:
        self.multi_cell(
            self.epw - (self.x - self.l_margin),
            height,
            self._clean(text),
            align="L",
            new_x=XPos.LMARGIN,
            new_y=YPos.NEXT,
        )

    def _style(self, style: str, size: float, colour: tuple[int, int, int]) -> None:
        self.set_font(_FONT, style, size)
        self.set_text_color(*colour)

    def _room(self, height: float) -> None:
        if self.y + height > self.h - _MARGIN - 4:
            self.add_page()


def _letters(document: Document) -> set[int]:
    """The code points of all that may be printed."""
    texts = [document.title, document.lead, document.foot, *document.notes]
    texts += [text for fact in document.facts for text in fact]
    for table in document.tables:
        texts += [table.title, table.note]
        texts += [cell for row in table.rows[: table.printed] for cell in row if isinstance(cell, str)]
    return {ord(each) for text in texts if not text.isascii() for each in neutral_line(text)}


def _printed(table: Table) -> list[tuple[int, Column]]:
    """The columns that are printed, with their places in a row."""
    return [(place, column) for place, column in enumerate(table.columns) if column.weight]


def _ordered(line: str) -> str:
    """The line as it is read from the left: names of scripts that run from the right turned about."""
    if line.isascii() or not any(unicodedata.bidirectional(each) in ("R", "AL") for each in line):
        return line
    return BidiParagraph(text=line).get_reordered_string()


def _told(value: object, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,.2f}".replace(",", "\u00a0")
    if isinstance(value, int) and column.kind == "number":
        return _number(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")
