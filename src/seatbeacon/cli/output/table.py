"""Tables: drawn by rich in a terminal, plain and aligned elsewhere."""

# ruff: noqa: PLC0415 - rich is imported where a terminal is there

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.output.text import is_number, shown, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MEASURED_ROWS = 1000
"""Rows that are held to find the columns' widths; any after them are printed as they come."""


def print_table(labels: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> int:
    """Print rows under their labels; the number of rows printed."""
    remaining = iter(rows)
    measured = list(itertools.islice(remaining, MEASURED_ROWS))
    right = [_holds_numbers([row[index] for row in measured]) for index in range(len(labels))]
    cells = [[shown(value) for value in row] for row in measured]
    if sys.stdout.isatty() and len(measured) < MEASURED_ROWS:
        _print_drawn(labels, cells, right, title)
        return len(cells)
    if title:
        click.echo(title)
    widths = [max(map(width, column)) for column in zip(labels, *cells, strict=True)]
    _print_line(labels, widths, right)
    _print_line(["-" * size for size in widths], widths, right)
    for line in cells:
        _print_line(line, widths, right)
    count = len(cells)
    for row in remaining:
        _print_line([shown(value) for value in row], widths, right)
        count += 1
    return count


def _holds_numbers(values: Sequence[object]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(map(is_number, known))


def _print_line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> None:
    padded = (
        " " * (size - width(cell)) + cell if to_right else cell + " " * (size - width(cell))
        for cell, size, to_right in zip(cells, widths, right, strict=True)
    )
    click.echo("  ".join(padded).rstrip())


def _print_drawn(
    labels: Sequence[str], cells: Sequence[Sequence[str]], right: Sequence[bool], title: str
) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for label, to_right in zip(labels, right, strict=True):
        table.add_column(label, justify="right" if to_right else "left", overflow="fold")
    for line in cells:
        # Text, not str: a name may hold what rich would take for markup.
        table.add_row(*(Text(cell) for cell in line))
    Console().print(table)
