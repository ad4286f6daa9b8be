"""A report's lines, a block at a time: counted as bytes, taken apart only on demand."""

from __future__ import annotations

import csv
import re
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZE = 1 << 18  # bytes: what a core keeps close by while it is looked through several times
_BLANK_LINES = re.compile(rb"(?:^|(?<=\n))(?:\r?\n)+")
_LONGEST_LINE = 1 << 24  # bytes; a report has a few hundred per row


class Block:
    """Some whole lines of a report. `ended`: the last of them has its line end.

    Ask first whether it is `astray`: blank lines are left out where they are noticed, which is there.
    """

    def __init__(self, text: bytes) -> None:
        self.ended = text.endswith(b"\n") or not text
        self._text = text

    @cached_property
    def lines(self) -> int:
        """How many there are."""
        return self._text.count(b"\n") + (not self.ended)

    @property
    def last_line(self) -> bytes:
        """The last one, without its end; empty where there is none."""
        end = len(self._text)
        while end and self._text[end - 1] in b"\r\n":
            end -= 1
        return self._text[self._text.rfind(b"\n", 0, end) + 1 : end]

    @cached_property
    def _quoted(self) -> list[bytes]:
        return self._lines_with(b'"')

    @property
    def open_quotes(self) -> bool:
        """Whether a quoted field runs beyond its line."""
        return any(line.count(b'"') % 2 for line in self._quoted)

    def astray(self, width: int) -> bool:
        """Whether some row has another number of fields than `width`.

        Counted over all rows without quotes together; the last row, where a report breaks off, by itself.
        """
        if self._commas_astray(width):
            self._text = _BLANK_LINES.sub(b"", self._text)
            del self.lines
            if self._commas_astray(width):
                return True
        rows = _parsed([*self._quoted, self.last_line])
        return any(len(row) != width for row in rows)

    def _commas_astray(self, width: int) -> bool:
        plain = self.lines - len(self._quoted)
        commas = self._text.count(b",") - sum(line.count(b",") for line in self._quoted)
        return commas != plain * (width - 1)

    def rows(self, most: int = -1) -> list[list[str]]:
        """The first `most` rows, taken apart; all of them unless told otherwise."""
        return _parsed(self._text.split(b"\n", most)[: most if most >= 0 else None])

    def rows_with(self, text: bytes) -> list[list[str]]:
        """The rows that hold `text` somewhere."""
        return _parsed(self._lines_with(text))

    def _lines_with(self, text: bytes) -> list[bytes]:
        found = []
        first = text[:1]  # one byte is found ten times as quickly as several
        at = self._text.find(first)
        while at >= 0:
            if not self._text.startswith(text, at):
                at = self._text.find(first, at + 1)
                continue
            begin, end = self._text.rfind(b"\n", 0, at) + 1, self._text.find(b"\n", at)
            end = end if end >= 0 else len(self._text)
            found.append(self._text[begin:end])
            at = self._text.find(first, end)
        return found


def blocks_of(file: BinaryIO) -> Iterator[Block]:
    """The rest of `file` in blocks of a few hundred kilobytes. Raises `csv.Error` where a line does not
    end."""
    while piece := file.read(_SIZE):
        if not piece.endswith(b"\n"):
            rest = file.readline(_LONGEST_LINE)
            if len(rest) == _LONGEST_LINE:
                raise csv.Error("a line does not end")
            piece += rest
        yield Block(piece)


def _parsed(lines: list[bytes]) -> list[list[str]]:
    return [row for row in csv.reader(line.decode().rstrip("\r") for line in lines) if row]
