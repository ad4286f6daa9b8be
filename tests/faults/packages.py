"""What stands in a package, so that two can be held against each other, whatever order they came in."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.collection.package.manifest import MANIFEST_NAME, Manifest, Outcome
from seatbeacon.collection.package.reader import read_manifest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Contents = dict[str, frozenset[bytes]]
"""Each collected dataset's objects (the last line of an id counts) or report lines."""


def contents(folder: Path) -> Contents:
    """What was collected into the package in `folder`."""
    found: Contents = {}
    for record in read_manifest(folder).datasets:
        if record.outcome is Outcome.COLLECTED and record.file is not None:
            lines = (folder / record.file).read_bytes().splitlines()
            if record.file.endswith(".ndjson"):
                found[record.name] = frozenset({_id(line): line for line in lines}.values())
            else:
                found[record.name] = frozenset(lines)
    return found


def _id(line: bytes) -> Any:
    decoded = msgspec.json.decode(line)
    return decoded.get("id")


def begin(source: Path, folder: Path, *, without: Sequence[str]) -> None:
    """Put into `folder` what a run has that was interrupted before the datasets `without` were whole."""
    manifest = read_manifest(source)
    kept = tuple(
        record
        for record in manifest.datasets
        if record.name not in without and record.outcome is Outcome.COLLECTED
    )
    # What was never to be had would be asked for again: here it stays as it was.
    folder.mkdir(parents=True)
    for record in kept:
        assert record.file is not None
        shutil.copyfile(source / record.file, folder / record.file)
    begun = msgspec.structs.replace(manifest, status="collecting", ended_at=None, datasets=kept)
    (folder / MANIFEST_NAME).write_bytes(msgspec.json.encode(begun))


__all__ = ["Contents", "Manifest", "begin", "contents"]
