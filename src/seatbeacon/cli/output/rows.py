"""Print rows in the format that was asked for."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING, Literal

import click

from seatbeacon.cli.output.table import print_table
from seatbeacon.inventory.formulas import neutral_cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Format = Literal["table", "json", "csv"]


def format_option(*formats: str) -> Callable[[Callable[..., object]], Callable[..., object]]:
    """The option `--format`, a table by default."""
    choices = formats or ("table", "json", "csv")
    return click.option(
        "--format",
        "format_",
        type=click.Choice(choices),
        default="table",
        show_default=True,
        help="How to print; json is one object per line.",
    )


def print_rows(
    format_: str, keys: Sequence[str], rows: Iterable[Sequence[object]], labels: Sequence[str] | None = None
) -> int:
    """Print rows, whose values stand in the order of `keys`; the number of rows printed.

    `labels` head the table's columns; JSON and CSV use the keys, always.
    """
    if format_ == "json":
        return _print_json(keys, rows)
    if format_ == "csv":
        return _print_csv(keys, rows)
    return print_table(labels or keys, rows)


def _print_json(keys: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    import msgspec  # noqa: PLC0415 - only for this format

    sys.stdout.flush()
    encoder = msgspec.json.Encoder()
    count = 0
    for row in rows:
        line = encoder.encode(dict(zip(keys, row, strict=True)))
        sys.stdout.buffer.write(line + b"\n")
        count += 1
    sys.stdout.buffer.flush()
    return count


def _print_csv(keys: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    writer = csv.writer(_Utf8Output())
    writer.writerow(keys)
    count = 0
    for row in rows:
        writer.writerow([neutral_cell(_flat(value)) for value in row])
        count += 1
    sys.stdout.flush()
    return count


class _Utf8Output:
    """Standard output as UTF-8 whatever the terminal's encoding, with the line ends that csv writes."""

    def write(self, text: str) -> int:
        return sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))


def _flat(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(item) for item in value)
    return value.isoformat() if hasattr(value, "isoformat") else value
