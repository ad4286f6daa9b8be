"""A listing written to a file: exactly the rows, columns and order that were asked for."""

from __future__ import annotations

from seatbeacon.inventory.exports.formats import FORMATS, Format
from seatbeacon.inventory.exports.write import chunks, write, write_file

__all__ = ["FORMATS", "Format", "chunks", "write", "write_file"]
