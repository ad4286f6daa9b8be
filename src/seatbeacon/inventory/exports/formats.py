"""The formats that a listing can be exported in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """`name` is what one asks for, `label` is for people, `suffix` ends a file's name (no dot)."""

    name: str
    label: str
    suffix: str
    media_type: str


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "CSV", "csv", "text/csv; charset=utf-8"),
        Format("xlsx", "Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Format("parquet", "Parquet", "parquet", "application/vnd.apache.parquet"),
    )
}
"""Every format by its name."""
