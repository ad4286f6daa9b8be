"""Reports that people hand on: the same tables as CSV, as an Excel file, or printed as PDF.

Knows nothing of what it prints: whoever asks gives titles, columns and rows. Names in them come from a
directory that anybody may write; what could harm a reader is taken out here.
"""

from __future__ import annotations

from seatbeacon.documents.document import Column, Document, Table
from seatbeacon.documents.write import FORMATS, csv_lines, write_document

__all__ = ["FORMATS", "Column", "Document", "Table", "csv_lines", "write_document"]
