"""CSV as RFC 4180 has it: UTF-8, keys in the first line, times in UTC; lists joined by `; `."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.inventory.formulas import FORMULA_STARTS
from seatbeacon.inventory.querying.reading import batches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seatbeacon.inventory.exports.table import Table
    from seatbeacon.inventory.listings import Column

_STARTS = ", ".join(f"chr({ord(start)})" for start in FORMULA_STARTS)
_END = "\r\n"


def lines(version_file: Path, table: Table) -> Iterator[bytes]:
    """The file in pieces of some thousand lines. DuckDB makes the lines: no Python loop touches a cell."""
    yield (",".join(column.key for column in table.columns) + _END).encode()
    cells = ", ',', ".join(_cell(column, table.cell(column)) for column in table.columns)
    made = table.read([f"concat({cells}) AS line"])
    for batch in batches(version_file, made):
        yield (_END.join(str(line) for (line,) in batch) + _END).encode()


def _cell(column: Column, value: str) -> str:
    match column.type:
        case "text":
            return _quoted(value)
        case "texts":
            return _quoted(f"array_to_string({value}, '; ')")
        case "time":
            whole = f"strftime({value}, '%Y-%m-%dT%H:%M:%S')"
            part = f"CASE WHEN microsecond({value}) % 1000000 <> 0 THEN strftime({value}, '.%f') ELSE '' END"
            return f"coalesce({whole} || {part} || '+00:00', '')"
        case _:
            return f"coalesce(({value})::VARCHAR, '')"


def _quoted(text: str) -> str:
    """The cell of a text: always in quotes, so that nothing in it ends it; an empty cell where it is null."""
    neutral = f"CASE WHEN left({text}, 1) IN ({_STARTS}) THEN '''' ELSE '' END"
    return f"coalesce('\"' || {neutral} || replace({text}, '\"', '\"\"') || '\"', '')"
