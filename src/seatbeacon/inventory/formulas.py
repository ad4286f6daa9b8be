"""What a spreadsheet takes for a formula, and how it is kept from it: names come from a directory that
anybody may write."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet takes a cell that begins with one of these for a formula. Source: OWASP, "CSV Injection"."""


def neutral_cell(value: object) -> object:
    """A CSV cell: text that a spreadsheet would take for a formula gets an apostrophe in front. A number is a
    number, whatever its sign."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
