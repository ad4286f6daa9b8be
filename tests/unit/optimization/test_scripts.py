"""Scripts say what they are to say, and no name breaks out of its place in them."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from seatbeacon.optimization.scripts import SINGLE_QUOTES, Change, Plan, graph_requests, powershell, quoted

HOSTILE = (
    "O'Brien'); Remove-MgUser -UserId all; ('",
    "\u2018; Stop-Computer; \u2019",
    "\u201b\u201a$(whoami)`n",
    "line\r\nRemove-Item /",
    "#> Remove-Item / <#",
    "\u2028Remove-Item /",
)


def read_back(text: str) -> tuple[str, str]:
    """What PowerShell's tokenizer reads from a single-quoted string at the beginning of `text`, and the rest:
    a quote of any kind ends it, two in a row are one."""
    assert text[0] in SINGLE_QUOTES
    read, at = "", 1
    while at < len(text):
        if text[at] in SINGLE_QUOTES:
            if at + 1 == len(text) or text[at + 1] not in SINGLE_QUOTES:
                return read, text[at + 1 :]
            at += 1
        read += text[at]
        at += 1
    raise AssertionError("the string does not end")


def plan(name: str) -> Plan:
    """One change, all of whose words are `name`."""
    change = Change("0-1", name, ("sku-1",), ("sku-2",), name, name)
    return Plan("tenant-1", name, name, (change,), (name,))


@given(st.text())
@example(HOSTILE[0])
@example(HOSTILE[1])
@example(HOSTILE[2])
def test_a_quoted_name_is_one_string_and_nothing_after_it(name: str) -> None:
    read, rest = read_back(quoted(name))
    assert rest == ""
    assert not set("\r\n\u2028\u2029") & set(read)


@given(st.sampled_from(HOSTILE) | st.text())
def test_a_name_adds_no_line_to_a_script(name: str) -> None:
    lines, plain = powershell(plan(name)).splitlines(), powershell(plan("Anna")).splitlines()
    assert len(lines) == len(plain)
    for line, usual in zip(lines, plain, strict=True):
        if usual.startswith("# "):
            assert line.startswith("#")
        elif "Anna" not in usual:
            assert line == usual


def test_a_script_only_shows_what_it_would_do_unless_told_to_apply() -> None:
    text = powershell(plan("Anna"))
    assert "if (-not $Apply) { $WhatIfPreference = $true }" in text
    assert "$tenant = 'tenant-1'" in text
    row = "User = '0-1'; Who = 'Anna'; What = 'Anna (Anna)'; Remove = @('sku-1'); Add = @('sku-2')"
    assert f"    [pscustomobject]@{{ {row} }}" in text


@given(st.sampled_from(HOSTILE) | st.text())
def test_a_request_is_a_line_of_json(name: str) -> None:
    (line,) = graph_requests(plan(name))
    assert line.count(b"\n") == 1
    request = json.loads(line)
    assert (request["method"], request["url"]) == ("POST", "/users/0-1/assignLicense")
    assert request["body"] == {
        "addLicenses": [{"skuId": "sku-2", "disabledPlans": []}],
        "removeLicenses": ["sku-1"],
    }
