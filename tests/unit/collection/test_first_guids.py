"""The ids of users are taken from where Graph puts them, and decoded where it puts them elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from seatbeacon.collection.readers.reading import _first_guids

if TYPE_CHECKING:
    from collections.abc import Mapping

GUIDS = ["5bb85b5e-ecc7-4316-8bbf-00000004b329", "5BB85B5E-ECC7-4316-8BBF-00000004B32A"]


def lines(*objects: Mapping[str, object]) -> bytes:
    return b"".join(json.dumps(each, separators=(",", ":")).encode() + b"\n" for each in objects)


def test_ids_that_come_first_are_taken_as_they_are() -> None:
    users = [{"id": guid, "displayName": 'Anna "Ann" Berg'} for guid in GUIDS]
    assert _first_guids(lines(*users)) == GUIDS


@pytest.mark.parametrize(
    "other",
    [
        {"displayName": "Berg", "id": GUIDS[1]},
        {"id": "short", "displayName": "x" * 40},
        {"id": "x" * 37},
        {"id": None, "displayName": "x" * 40},
        {"id": "x" * 30 + "\u00e9"},
        {"id": "x" * 34 + '\\"'},
        {"id": "x" * 33, "b": 1},
        {},
    ],
)
def test_where_one_line_is_otherwise_all_are_decoded(other: dict[str, object]) -> None:
    assert _first_guids(lines({"id": GUIDS[0]}, other)) == []
    assert _first_guids(lines(other, {"id": GUIDS[0]})) == []


def test_bytes_that_are_no_text_are_left_to_the_decoder() -> None:
    assert _first_guids(b'{"id":"' + b"\xe9" * 36 + b'"}\n') == []
