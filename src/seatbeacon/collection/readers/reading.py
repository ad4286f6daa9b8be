"""What a reader has at hand: the run it belongs to, and the file, ids and progress of its own dataset."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.distinct import GUID_LENGTH, DistinctIds
from seatbeacon.collection.errors import UnreadableObjects
from seatbeacon.collection.lanes import USUAL, Halt, Lanes
from seatbeacon.collection.package.files import DatasetFile, json_lines
from seatbeacon.graph.errors import NotFound, NotSupported, PermissionDenied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path
    from typing import Self

    from seatbeacon.collection.datasets import Dataset, DatasetRequest, Keep
    from seatbeacon.collection.planning import Planner
    from seatbeacon.collection.progress import Tally
    from seatbeacon.graph.client import GraphClient

NO_COUNT = (NotSupported, NotFound, PermissionDenied)
"""Graph does not count here, or not for us: not a fault, but no check either."""


class _Identified(msgspec.Struct, gc=False):
    id: str


_IDS = msgspec.json.Decoder(_Identified)
_ID = b'{"id":"'


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader has to say beyond its file: distinct objects or rows, and for a report its day and
    whether its names are hashes."""

    count: int
    notes: tuple[str, ...] = ()
    refresh_date: date | None = None
    concealed: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One dataset being read. Safe to use from many threads."""

    dataset: Dataset
    client: GraphClient
    file: DatasetFile
    lanes: Lanes
    halt: Halt
    tally: Tally
    planner: Planner
    package: Path
    ids: DistinctIds = field(init=False)

    def __post_init__(self) -> None:
        """Begin with no ids."""
        object.__setattr__(self, "ids", DistinctIds(self.package))

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was not finished."""
        self.ids.close()
        self.file.discard()

    def take(self, items: Sequence[msgspec.Raw], keep: Keep | None = None) -> bytes:
        """Write a page's objects and remember their ids, which are given back as `DistinctIds.add` does.

        With `keep` only the objects it holds for. Raises `UnreadableObjects` where one has no id.
        """
        kept = [item for item in items if _holds(keep, item)] if keep else items
        text = json_lines(kept)
        try:
            ids = _first_guids(text) or [each.id for each in _IDS.decode_lines(text)] if kept else []
        except msgspec.MsgspecError as error:
            raise UnreadableObjects(
                f"Graph sent objects of {self.dataset.name} that cannot be read: {error}.",
                "Run the import again; if it stays so, report it to Microsoft.",
            ) from error
        if kept:
            self.file.write_lines(text, len(ids))
        short = self.ids.add(ids)
        self.tally.add(len(ids))
        return short

    def restart(self) -> None:
        """Forget what was read, to read it anew."""
        self.file.restart()
        self.ids.restart()
        self.tally.restart()

    def count(self, request: DatasetRequest, urgency: int = USUAL) -> int | None:
        """How many objects Graph counts; None where it does not count."""
        self.halt.check()
        try:
            with self.lanes.lane(urgency):
                return self.client.count(request.path, headers=request.headers)
        except NO_COUNT:
            return None


def _first_guids(text: bytes) -> list[str]:
    """The ids of lines that begin with them, where all do and each is as long as a GUID; otherwise none.

    Graph begins a user so; finding where lines end takes a fifth of decoding them.
    """
    found = []
    begin = 0
    while (end := text.find(b"\n", begin)) >= 0:
        first, after = begin + len(_ID), begin + len(_ID) + GUID_LENGTH
        if not text.startswith(_ID, begin) or text[after : after + 1] != b'"':
            return []
        found.append(text[first:after])
        begin = end + 1
    joined = b"".join(found)
    if not joined.isascii() or b"\\" in joined or b'"' in joined:
        return []
    return b"\n".join(found).decode().split("\n")


def _holds(keep: Keep, item: msgspec.Raw) -> bool:
    values = msgspec.json.decode(item, type=dict[str, msgspec.Raw]).get(keep.property)
    held = msgspec.json.decode(values) if values is not None else None
    if not isinstance(held, list):
        return False
    return bool(held) if keep.value is None else keep.value in held
