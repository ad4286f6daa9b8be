"""A listing written to a file: exactly the rows, columns and order that were asked for."""

from __future__ import annotations

from seatbeacon.inventory.exports.formats import FORMATS, Format
from seatbeacon.inventory.exports.write import Pieces, chunks, write, write_file

__all__ = ["FORMATS", "Format", "Pieces", "chunks", "write", "write_file"]
