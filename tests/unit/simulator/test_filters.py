"""`$filter`: what it means, and what it needs."""

from __future__ import annotations

import pytest

from seatbeacon.simulator.graph.errors import RefusedError
from seatbeacon.simulator.graph.filters import needs_advanced, parse_filter
from seatbeacon.simulator.graph.tables import ALL_OPERATORS, ObjectTable, positions

PEOPLE = ObjectTable(
    "User",
    [
        {"id": "1", "name": "Anna O'Neill", "on": True, "tags": ["x"], "licenses": [{"skuId": "s1"}]},
        {"id": "2", "name": "bernd", "on": False, "tags": [], "licenses": []},
        {
            "id": "3",
            "name": None,
            "on": None,
            "tags": ["x", "y"],
            "licenses": [{"skuId": "s2"}, {"skuId": "s1"}],
        },
    ],
    {
        "name": ALL_OPERATORS,
        "on": frozenset({"eq", "ne"}),
        "tags": frozenset({"any"}),
        "licenses": frozenset({"any", "$count"}),
    },
    ("id",),
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("startswith(name,'a')", [0]),
        ("startsWith(name, 'ANNA O''N')", [0]),
        ("not startswith(name,'a')", [1, 2]),
        ("not(startswith(name,'a') or startswith(name,'b'))", [2]),
        ("startswith(name,'a') or startswith(name,'b') and on eq true", [0]),
        ("(startswith(name,'a') or startswith(name,'b')) and on eq false", [1]),
        ("endswith(name,'ND')", [1]),
        ("on eq null", [2]),
        ("on ne true", [1, 2]),
        ("name ge 'b'", [1]),
        ("name le 'b'", [0]),
        ("name in ('BERND','x')", [1]),
        ("tags/any(t:t eq 'y')", [2]),
        ("tags/any()", [0, 2]),
        ("licenses/any(l:l/skuId eq s1)", [0, 2]),
        ("licenses/$count ne 0", [0, 2]),
        ("licenses/$count eq 0", [1]),
    ],
)
def test_a_filter_keeps_what_it_says(text: str, kept: list[int]) -> None:
    assert positions(PEOPLE, parse_filter(text)) == kept


@pytest.mark.parametrize(
    ("text", "advanced"),
    [
        ("startswith(name,'a') and on eq true", False),
        ("tags/any(t:t eq 'y')", False),
        ("not startswith(name,'a')", True),
        ("on eq true or on ne false", True),
        ("endswith(name,'a')", True),
        ("licenses/$count ne 0", True),
    ],
)
def test_some_filters_need_the_advanced_query(text: str, advanced: bool) -> None:
    assert needs_advanced(parse_filter(text)) is advanced


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name eq",
        "name eq 'a' or",
        "(name eq 'a'",
        "name like 'a'",
        "startswith(name 'a')",
        "name eq 'a' b",
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_filter(text)
    assert refused.value.status == 400


@pytest.mark.parametrize("text", ["id eq '1'", "on ge true", "planet eq 'x'"])
def test_properties_and_operators_that_do_not_filter_are_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        positions(PEOPLE, parse_filter(text))
