"""msgspec learns a Struct at its first use, and two threads that do so at once may crash the process."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import seatbeacon

ROOT = Path(seatbeacon.__file__).parent


def _decoded_on_the_spot(source: str) -> list[str]:
    """Structs given to `decode(…, type=X)` or `convert(…, X)`, which learn X in whichever thread it is."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        if name not in {"msgspec.json.decode", "msgspec.convert"}:
            continue
        types = [word.value for word in call.keywords if word.arg == "type"] + call.args[1:2]
        found += [ast.unparse(one) for one in types if isinstance(one, ast.Name)]
    return found


@pytest.mark.parametrize("room", ["graph", "collection", "beacon", "simulator"])
def test_structs_are_learnt_at_import_by_a_decoder(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    found = {str(path.relative_to(ROOT)): _decoded_on_the_spot(path.read_text("utf-8")) for path in files}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_search_finds_what_it_looks_for() -> None:
    assert _decoded_on_the_spot("msgspec.json.decode(body, type=Some)") == ["Some"]
    assert _decoded_on_the_spot("msgspec.convert(body, Some)") == ["Some"]
    assert _decoded_on_the_spot("msgspec.json.decode(body, type=dict[str, int])") == []
