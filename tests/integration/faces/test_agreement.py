"""A listing stands once: page, command line, API and exports give the same rows in the same order."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from tests.integration.faces import reading
from tests.integration.faces.reading import differences

from seatbeacon.beacon.audit import SYSTEM
from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.listings import DECISIONS, NAMES, RECOMMENDATIONS, declared, readable
from seatbeacon.beacon.models import DecisionState
from seatbeacon.beacon.savings.decisions import decide
from seatbeacon.beacon.savings.listed import findings
from seatbeacon.inventory import query
from seatbeacon.inventory.exports import FORMATS
from seatbeacon.inventory.filters import Filter
from seatbeacon.inventory.listings import Column

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client
    from tests.integration.api.conftest import Api

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.inventory.listings import Listing


@dataclass(frozen=True)
class Asked:
    """One question, as each face puts it."""

    listing: Listing
    filters: tuple[str, ...] = ()
    search: str = ""
    sort: tuple[str, ...] = ()
    as_of: str = ""

    @property
    def keys(self) -> list[str]:
        return [column.key for column in self.listing.columns]

    @property
    def address(self) -> str:
        pairs = [("f", one) for one in self.filters] + [("columns", ",".join(self.keys))]
        pairs += [("q", self.search), ("sort", ",".join(self.sort)), ("as_of", self.as_of)]
        return urlencode([pair for pair in pairs if pair[1]])

    @property
    def parameters(self) -> dict[str, Any]:
        given = {"filter": list(self.filters), "search": self.search, "sort": list(self.sort)}
        return {name: one for name, one in (given | {"as_of": self.as_of}).items() if one}

    @property
    def options(self) -> list[str]:
        told = [part for one in self.filters for part in ("--filter", one)]
        told += [part for one in self.sort for part in ("--sort", one)]
        told += ["--search", self.search] if self.search else []
        return [*told, *(["--as-of", self.as_of] if self.as_of else [])]


def decide_some(home: Settings) -> None:
    """Accept some recommendations."""
    found = readable(home, choose_version(None), RECOMMENDATIONS)
    assert found.outcome is not None
    some = findings(found.outcome, limit=3)
    decide(found.outcome.tenant_id, some, DecisionState.ACCEPTED, actor=SYSTEM, reason="too many")


@pytest.fixture
def ask(home: Settings) -> Callable[..., Asked]:
    """Makes a question of a listing from what it holds: `ask("users", narrowed=True)`."""

    def make(name: str, *, narrowed: bool) -> Asked:
        if name == DECISIONS:
            decide_some(home)
        found = readable(home, choose_version(None), name)
        listing = found.listing
        if not narrowed:
            return Asked(listing)
        # Of the commonest value of something, what a word of one of its rows finds, in an order of its own.
        by = next((one for one in listing.columns if one.groupable), listing.columns[0])
        group = next(iter(query.group(found.file, listing, by.key, limit=1)), None)
        value = group.value if group else "nothing"
        filter_ = Filter(by.key, "=", None if value is None else str(value))
        rows = query.run(found.file, listing, filters=[filter_], columns=listing.search, limit=40).rows
        words = [str(one).split()[0] for row in rows for one in row if one]
        word = next((one for one in words if not one.isascii()), (words or ["a"])[0])
        return Asked(
            listing,
            filters=(str(filter_),),
            search=word[:4],
            sort=(f"-{listing.columns[-1].key}", listing.columns[1].key),
            as_of=f"{datetime.now(UTC):%Y-%m-%d}" if listing.as_of else "",
        )

    return make


def from_api(api: Api, asked: Asked) -> list[reading.Row]:
    rows: list[reading.Row] = []
    after: dict[str, str] = {}
    while True:
        body = api(f"/{asked.listing.name}", limit=70, count="true", **asked.parameters, **after).body
        rows += body["items"]
        if body["next"] is None:
            assert body["count"] == len(rows)
            return reading.of_json(rows, asked.listing)
        after = {"after": body["next"]}


def from_pages(client: Client, asked: Asked, count: int) -> list[reading.Row]:
    rows: list[reading.Row] = []
    for page in range(1, count // 100 + 2):
        address = f"/inventory/{asked.listing.name}/?{asked.address}&rows=100&page={page}"
        answer = client.get(address, follow=True)
        assert answer.status_code == 200
        rows += reading.of_page(answer.content.decode(), asked.keys, asked.listing)
    return rows


def content(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("narrowed", [False, True], ids=["everything", "narrowed"])
@pytest.mark.parametrize("name", NAMES)
def test_page_command_line_api_and_exports_agree_row_for_row(
    name: str,
    narrowed: bool,
    ask: Callable[..., Asked],
    reader: Api,
    viewer: Client,
    command: Callable[..., str],
    tmp_path: Path,
) -> None:
    asked = ask(name, narrowed=narrowed)
    listing, wanted = asked.listing, from_api(reader, asked)
    assert wanted or name == "sign-ins", "without rows nothing is compared"
    options = ["list", name, "--limit", "0", "--columns", ",".join(asked.keys), *asked.options]
    assert differences(reading.of_lines(command(*options, "--format", "json"), listing), wanted) == []
    assert differences(reading.of_csv(command(*options, "--format", "csv"), listing), wanted) == []
    parameters = {kind: asked.parameters | {"format": kind} for kind in FORMATS}
    exports = [
        {kind: content(reader.client.get(f"/api/v1/{name}/export", parameters[kind])) for kind in FORMATS}
    ]
    seen = from_pages(viewer, asked, len(wanted))
    shown = reading.spelled(reading.as_shown(wanted, listing))
    assert differences(reading.spelled(seen), shown) == []
    page = f"/inventory/{name}/export/"
    exports += [{kind: content(viewer.get(f"{page}{kind}/?{asked.address}")) for kind in FORMATS}]
    for taken in exports:
        assert differences(reading.of_csv(taken["csv"].decode(), listing), wanted) == []
        assert differences(reading.of_excel(taken["xlsx"], asked.keys, listing), wanted) == []
        assert differences(reading.of_parquet(taken["parquet"], tmp_path, listing), wanted) == []


def test_what_was_decided_of_recommendations_is_told_on_every_face(
    home: Settings, reader: Api, viewer: Client, command: Callable[..., str]
) -> None:
    found = readable(home, choose_version(None), RECOMMENDATIONS)
    assert found.outcome is not None
    decide(found.outcome.tenant_id, findings(found.outcome, limit=3), DecisionState.ACCEPTED, actor=SYSTEM)
    wanted = reader(f"/{RECOMMENDATIONS}", limit=1000).body["items"]
    assert [row["state"] for row in wanted].count("accepted") == 3
    accepted = {row["key"] for row in wanted if row["state"] == "accepted"}
    filter_ = "state=accepted"
    told = command("list", RECOMMENDATIONS, "--filter", filter_, "--format", "json").splitlines()
    assert {json.loads(line)["key"] for line in told} == accepted
    taken = content(reader.client.get(f"/api/v1/{RECOMMENDATIONS}/export", {"filter": filter_})).decode()
    assert {row["key"] for row in reading.of_csv(taken, found.listing)} == accepted
    by_state = reader(f"/{RECOMMENDATIONS}/groups", by="state").body["items"]
    assert {"accepted", "open"} == {one["value"] for one in by_state}
    address = f"/inventory/{RECOMMENDATIONS}/?f={filter_}&columns=key&rows=250"
    page = viewer.get(address, follow=True).content.decode()
    seen = reading.of_page(page, ["key"], found.listing)
    assert {row["key"] for row in seen} == accepted


@pytest.mark.parametrize("name", NAMES)
def test_groups_agree_on_every_face(
    name: str, home: Settings, reader: Api, viewer: Client, command: Callable[..., str], tmp_path: Path
) -> None:
    if name == DECISIONS:
        decide_some(home)
    listing = declared(name)
    by = next((one for one in listing.columns if one.groupable), listing.columns[0])
    items = reader(f"/{name}/groups", by=by.key, limit=1000).body["items"]
    several = bool(listing.repeats and listing.person)
    wanted = [
        {by.key: _value(one["value"], by), "count": one["count"]}
        | ({"users": one["users"]} if several else {})
        | {key: reading.value(total, column_of(listing, key)) for key, total in one["sums"].items()}
        for one in items
    ]
    assert wanted or name == "sign-ins"
    # The command line leaves out the users where they are as many as the rows.
    lines = command("list", name, "--group-by", by.key, "--limit", "0", "--format", "json").splitlines()
    told = [json.loads(line) for line in lines]
    assert [(_value(one[by.key], by), one["count"]) for one in told] == [
        (one[by.key], one["count"]) for one in wanted
    ]
    taken = [reader.client.get(f"/api/v1/{name}/export", {"by": by.key, "format": kind}) for kind in FORMATS]
    page = viewer.get(f"/inventory/{name}/?group={by.key}", follow=True).content.decode()
    counts = re.findall(
        r'<th scope="row">.*?</th><td class="sb-number">(.*?)</td>', page.partition('id="listing-count"')[2]
    )
    assert [int(re.sub(r"<[^>]+>|\s", "", one)) for one in counts] == [one["count"] for one in wanted]
    address = re.search(rf'"(/inventory/{name}/export/csv/[^"]*)"', page)
    assert address
    assert f"group={by.key}" in address[1]
    taken.append(viewer.get(html.unescape(address[1])))
    grouped = replace(
        listing,
        columns=(
            replace(by, type="text" if by.type == "texts" else by.type),
            *(Column(key, key, "number") for key in ("count", "users")),
            *(column for column in listing.columns if column.summed),
        ),
    )
    csv, excel, parquet, *of_page = map(content, taken)
    for one in (csv, *of_page):
        assert differences(reading.of_csv(one.decode(), grouped), wanted) == []
    assert differences(reading.of_parquet(parquet, tmp_path, grouped), wanted) == []
    assert len(reading.rows_of_excel(excel)) == len(wanted) + 1


def _value(raw: Any, by: Column) -> Any:
    return reading.value(raw, replace(by, type="text" if by.type == "texts" else by.type))


def column_of(listing: Listing, key: str) -> Column:
    found = listing.column(key)
    assert found is not None
    return found


@pytest.mark.parametrize("name", [name for name in NAMES if not declared(name).as_of])
def test_a_listing_without_a_past_says_so_on_every_face(
    name: str, reader: Api, viewer: Client, command: Callable[..., str]
) -> None:
    told = "of the last import only"
    answer = reader(f"/{name}", as_of="2026-03-01")
    assert answer.status_code == 422
    assert told in answer.body["detail"]
    assert told in command("list", name, "--as-of", "2026-03-01", status=1)
    assert told in viewer.get(f"/inventory/{name}/?as_of=2026-03-01", follow=True).content.decode()
