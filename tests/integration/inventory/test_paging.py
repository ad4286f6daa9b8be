from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatbeacon.inventory import query
from seatbeacon.inventory.changes.between import changes_between, imports_of, moved_products, question_of
from seatbeacon.inventory.changes.spans import usual_spans
from seatbeacon.inventory.details.application import application_use
from seatbeacon.inventory.details.person import person
from seatbeacon.inventory.engine import is_prepared
from seatbeacon.inventory.errors import InvalidQuery
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.preparing.prepare import forget_prepared, prepare
from seatbeacon.inventory.querying import pages

_VISIO = query.Filter("sku_part_number", "=", "visioclient")
NAMES = [name for name in LISTINGS if name not in ("activations", "copilot", "sign-ins")]


@pytest.fixture(scope="module")
def as_imported(kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine users with many equal and missing values, over two days."""

    def users(day: int) -> list[dict[str, Any]]:
        return [
            kit.user(
                n,
                department=["Sales", None, "", "Łódź"][(n + day) % 4],
                createdDateTime=f"2026-01-0{1 + n % 3}T10:00:00Z" if n % 3 else None,
                accountEnabled=n % 2 == 0,
                **kit.holding(kit.e3, *([kit.visio] if n % 2 else []), disabled=[kit.teams_plan] * (n % 2)),
            )
            for n in range(9 - day)
        ]  # fmt: skip

    made = kit.maker(tmp_path_factory.mktemp("paging"))
    names = [f"user{n}@contoso.example" for n in range(9)]
    for day in (0, 1):
        found = made.version(
            users(day),
            skus=[kit.sku(), kit.sku(kit.visio, "VISIOCLIENT")],
            subscriptions=[{"id": f"s{n}", "skuId": kit.e3, "status": "Enabled"} for n in range(3)],
            groups=[{"id": f"g{n}", "displayName": f"Group {n % 2}"} for n in range(3)],
            servicePrincipals=[{"id": "sp", "displayName": "App"}],
            appRoleAssignedTo=[
                {"id": f"a{n}", "resourceId": "sp", "principalId": f"id-{n % 3}", "principalType": "User"}
                for n in range(5)
            ],
            emailActivity=kit.activity({name: f"2026-07-0{1 + n % 2}" for n, name in enumerate(names[:6])}),
            appUsageD30=kit.app_usage(30, dict.fromkeys(names[::2], "Word,Word (Windows)")),
            activeUsers=kit.active_users({names[0]: "2026-07-20"}),
            mailboxUsage=kit.report(
                "Report Refresh Date,User Principal Name,Storage Used (Byte),Recipient Type",
                *(
                    f"2026-07-29,{name},{n % 2},{'Shared' if n == 4 else 'User'}"
                    for n, name in enumerate(names)
                ),
            ),
            oneDriveUsage=kit.report(
                "Report Refresh Date,Site URL,Storage Used (Byte),Owner Principal Name",
                *(f"2026-07-29,https://x/{n},{n % 3},{name}" for n, name in enumerate(names)),
            ),
        )
    return Path(found)


@pytest.fixture(scope="module")
def prepared(as_imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, prepared."""
    copy = Path(shutil.copy(as_imported, tmp_path_factory.mktemp("prepared")))
    assert prepare(copy)
    assert is_prepared(copy)
    return copy


@pytest.fixture(scope="module", params=["as imported", "prepared"])
def version(request: pytest.FixtureRequest, as_imported: Path, prepared: Path) -> Path:
    """Both say the same, page for page."""
    return prepared if request.param == "prepared" else as_imported


@pytest.mark.parametrize("name", LISTINGS)
def test_what_was_prepared_says_what_the_version_says(
    name: str, as_imported: Path, prepared: Path, kit: Any
) -> None:
    assert not is_prepared(as_imported)
    assert kit.told(as_imported, name) == kit.told(prepared, name)


def test_of_a_user_what_was_prepared_says_the_same(as_imported: Path, prepared: Path) -> None:
    for number in range(10):
        assert person(as_imported, f"id-{number}") == person(prepared, f"id-{number}")
    found = person(prepared, "id-1")
    assert found
    assert [name for _, name, _ in found.applications] == ["App", "App"]


def test_of_changes_and_applications_what_was_prepared_says_the_same(
    as_imported: Path, prepared: Path, kit: Any
) -> None:
    spans = usual_spans(imports_of(as_imported))
    for since, until in spans:
        told = changes_between(as_imported, since, until)
        assert changes_between(prepared, since, until) == told
        assert (
            moved_products(prepared, since, until)
            == told.products
            == moved_products(as_imported, since, until)
        )
    assert any(changes_between(prepared, *span).users["changed"] for span in spans)
    [made] = (prepared.parent / "prepared").glob("*.duckdb")
    kept = [row[0] for row in kit.sql(made, "SELECT question FROM prepared_answers")]
    assert {question_of(*span) for span in spans} <= set(kept)
    for (name,) in [*kit.sql(as_imported, "SELECT DISTINCT application FROM slots"), ("Nothing",)]:
        assert application_use(prepared, name) == application_use(as_imported, name)
    assert application_use(prepared, "Word").departments


def test_users_of_a_group_are_counted_once_whatever_is_asked_for(version: Path, kit: Any) -> None:
    """Where each user has one row they are counted as rows; a user may still be in several groups."""
    visio = query.Filter("sku_id", "=", kit.visio)
    for name, by, filters in (
        ("holders", "department", [visio]),
        ("holders", "sources", [visio]),
        ("holders", "department", []),
        ("usage", "department", [query.Filter("application", "=", "Word")]),
        (
            "usage",
            "department",
            [query.Filter("application", "=", "Word"), query.Filter("platform", "=", "All")],
        ),
        ("assignments", "source", [visio]),
    ):
        found = list(query.run(version, name, columns=[by, "user_id"], filters=filters).rows)
        people: dict[object, set[object]] = {}
        for value, user in found:
            for one in value if isinstance(value, list) and value else [value or None]:
                people.setdefault(one, set()).add(user)
        groups = query.group(version, name, by, filters=filters)
        assert {one.value: one.users for one in groups} == {value: len(ids) for value, ids in people.items()}


@pytest.mark.parametrize("name", LISTINGS)
def test_filters_find_the_rows_that_have_the_value(name: str, version: Path) -> None:
    """However they are answered: by users, kinds of account or products that are looked up first."""
    texts = [column.key for column in LISTINGS[name].columns if column.type == "text"]
    every: list[tuple[Any, ...]] = list(query.run(version, name, columns=texts).rows)
    assert query.count(version, name) == len(every)
    for place, key in enumerate(texts):
        known = sorted({row[place] for row in every if row[place]})
        for value in known[-1:]:
            same = [row for row in every if (row[place] or "").lower() == value.lower()]
            part = [row for row in every if value[1:-1].lower() in (row[place] or "").lower()]
            other = [row for row in every if row not in same]
            for asked, met in (
                ([query.Filter(key, "=", value)], same),
                ([query.Filter(key, "~", value[1:-1])], part),
                ([query.Filter(key, "!=", value)], other),
            ):
                assert list(query.run(version, name, columns=texts, filters=asked, limit=3).rows) == met[:3]
                assert query.count(version, name, filters=asked) == len(met)


@pytest.mark.parametrize("name", ["users", "usage-matrix", "mailboxes", "onedrives", "copilot"])
def test_a_page_is_a_part_of_all_rows_in_its_order(name: str, version: Path) -> None:
    enabled = [query.Filter("account_enabled", "=", "true")]
    keys = [column.key for column in LISTINGS[name].columns]
    for sort in (f"{sign}{key}" for key in keys for sign in ("", "-")):
        every = list(query.run(version, name, columns=keys, filters=enabled, sort=[sort]).rows)
        page = query.run(version, name, columns=keys, filters=enabled, sort=[sort], limit=2, offset=1)
        assert list(page.rows) == every[1:3], sort


@pytest.mark.parametrize("name", ["assignments", "holders", "entitlements", "usage", "usage-matrix"])
def test_filters_and_a_search_together_count_the_rows_they_find(name: str, version: Path) -> None:
    by_use = query.Filter("application", "!=", "Outlook")
    of_rows = [] if name == "usage-matrix" else [by_use] if name in ("entitlements", "usage") else [_VISIO]
    for kind in ("member", "shared mailbox"):
        for search in (None, "user", "user4", "visio", "nobody"):
            for filters in ([query.Filter("account_kind", "=", kind)], of_rows):
                asked = [*filters, query.Filter("display_name", "~", "U")]
                found = query.run(version, name, filters=asked, search=search)
                assert query.count(version, name, filters=asked, search=search) == len(list(found.rows))


@pytest.mark.parametrize("name", [name for name, each in LISTINGS.items() if each.as_of])
def test_a_search_as_of_a_day_finds_what_its_columns_had(name: str, version: Path) -> None:
    moment = query.moment_of("2026-07-31")
    keys = LISTINGS[name].search
    every: list[tuple[Any, ...]] = list(query.run(version, name, columns=keys, as_of=moment).rows)
    for words in ("user8", "user 7", "sales", "łódź user2", "visio", "group", "user1 visio", "nobody"):
        met = [
            row
            for row in every
            if all(any(word in (text or "").lower() for text in row) for word in words.split())
        ]
        found = query.run(version, name, columns=keys, search=words, as_of=moment)
        assert list(found.rows) == met, words
        page = query.run(version, name, columns=keys, search=words, as_of=moment, limit=2)
        assert list(page.rows) == met[:2], words
        assert query.count(version, name, search=words, as_of=moment) == len(met)


def test_what_was_prepared_is_of_one_version_and_goes_with_it(as_imported: Path, tmp_path: Path) -> None:
    first, second = (Path(shutil.copy(as_imported, tmp_path / f"v{n:06d}.duckdb")) for n in (1, 2))
    assert prepare(first)
    assert not prepare(first)
    assert prepare(second)
    assert [path.stem.partition("-")[0] for path in (tmp_path / "prepared").iterdir()] == ["v000002"]
    assert not is_prepared(first)
    forget_prepared(second)
    assert not (tmp_path / "prepared").exists()


def test_a_preparation_that_is_stopped_leaves_nothing(as_imported: Path, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop() -> None:
        raise StoppedError

    file = Path(shutil.copy(as_imported, tmp_path))
    with pytest.raises(StoppedError):
        prepare(file, check_cancelled=stop)
    assert list((tmp_path / "prepared").iterdir()) == []
    assert not is_prepared(file)


def test_what_was_prepared_and_damaged_is_not_read(as_imported: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(as_imported, tmp_path))
    assert prepare(file)
    [made] = (tmp_path / "prepared").iterdir()
    made.write_bytes(b"nothing")
    assert not is_prepared(file)
    assert query.count(file, "application-users") == query.count(as_imported, "application-users")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_pages_by_cursor_are_the_rows_in_one_go(version: Path, kit: Any, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    listing = LISTINGS[name]
    keys = [column.key for column in listing.columns]
    signs = st.tuples(st.sampled_from(["", "-"]), st.sampled_from(keys)).map("".join)
    sort = data.draw(st.lists(signs, max_size=3))
    moment = kit.start if listing.as_of and data.draw(st.booleans()) else None
    size = data.draw(st.integers(1, 7))
    whole = list(query.run(version, name, columns=keys, sort=sort, as_of=moment).rows)
    assert query.count(version, name, as_of=moment) == len(whole)
    cursor, found = None, []
    while True:
        page = query.run(version, name, columns=keys, sort=sort, as_of=moment, limit=size, after=cursor)
        rows = list(page.rows)
        found += rows
        assert len(rows) == size or page.next is None
        cursor = page.next
        if cursor is None:
            break
    assert found == whole


@pytest.mark.parametrize("name", NAMES)
def test_pages_are_the_same_where_only_the_first_users_are_looked_at(
    version: Path, kit: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(pages, "_FIRST", 1)
    keys = [column.key for column in LISTINGS[name].columns if column.default_visible]
    for sort in ("user_principal_name", "-department", "account_kind", keys[-1]):
        if LISTINGS[name].column(sort.removeprefix("-")):
            for search, moment in ((None, None), ("user", None), (None, kit.start)):
                if moment and not LISTINGS[name].as_of:
                    continue
                asked: dict[str, Any] = {"columns": keys, "sort": [sort], "search": search, "as_of": moment}
                whole = list(query.run(version, name, **asked).rows)
                first = query.run(version, name, limit=1, **asked)
                second = query.run(version, name, limit=2, after=first.next, **asked) if first.next else None
                assert [*first.rows, *(second.rows if second else ())] == whole[:3], (sort, search)
                assert list(query.run(version, name, limit=1, offset=3, **asked).rows) == whole[3:4], sort


def test_rows_without_a_value_come_last_whatever_the_page(version: Path, kit: Any) -> None:
    for sort in ("created_at", "-created_at"):
        first = query.run(version, "users", columns=["created_at"], sort=[sort], limit=5)
        second = query.run(version, "users", columns=["created_at"], sort=[sort], limit=5, after=first.next)
        days = [row[0] for row in (*first.rows, *second.rows)]
        assert days[-3:] == [None] * 3
        assert None not in days[:-3]


def test_a_cursor_goes_with_its_list_and_order_only(version: Path) -> None:
    page = query.run(version, "users", sort=["department"], limit=2)
    for other in (
        {"listing": "users", "sort": ["-department"]},
        {"listing": "assignments", "sort": ["department"]},
        {"listing": "users", "sort": ["department"], "as_of": query.moment_of("2026-07-31")},
    ):
        with pytest.raises(InvalidQuery, match="not of this list"):
            query.run(version, after=page.next, limit=2, **other)


def test_a_page_that_is_the_last_has_no_next(version: Path) -> None:
    assert query.run(version, "users", limit=8).next is None
    assert query.run(version, "users", limit=7).next is not None
    assert query.run(version, "users").next is None
    assert query.run(version, "users", limit=0).next is None


def test_a_long_page_streams_and_tells_the_next_at_its_end(version: Path) -> None:
    page = query.run(version, "users", columns=["id"], limit=20_000)
    assert len(list(page.rows)) == 8
    assert page.next is None


def test_groups_add_up_to_the_rows(version: Path) -> None:
    by_department = query.group(version, "users", "department")
    assert sum(each.count for each in by_department) == query.count(version, "users") == 8
    assert {each.value for each in by_department} == {"Sales", None, "Łódź"}
    assert by_department[0].value is None
    by_license = {each.value: each for each in query.group(version, "users", "licenses")}
    assert {value: each.count for value, each in by_license.items()} == {
        "ENTERPRISEPACK": 8,
        "VISIOCLIENT": 4,
    }
    [source] = query.group(version, "assignments", "source")
    assert (source.value, source.count, source.users) == ("direct", 12, 8)
    [status] = query.group(version, "licenses", "status")
    assert status.users is None
    assert (status.sums["purchased"], status.sums["assigned"]) == (20, 12)


def test_groups_can_be_sorted_filtered_and_cut(version: Path, kit: Any) -> None:
    found = query.group(version, "users", "department", sort=["value"], limit=1)
    assert [(each.value, each.count) for each in found] == [("Sales", 2)]
    only = query.group(version, "users", "department", filters=[query.parse_filter("account_enabled=no")])
    assert sum(each.count for each in only) == 4
    past = query.group(version, "users", "department", as_of=kit.start)
    assert sum(each.count for each in past) == 9
    with pytest.raises(InvalidQuery, match="value"):
        query.group(version, "users", "department", sort=["size"])


def test_values_to_choose_from_begin_with_what_was_typed(version: Path) -> None:
    assert [each.value for each in query.values(version, "users", "department", prefix="S")] == ["Sales"]
    assert [each.value for each in query.values(version, "users", "department", prefix="ódź")] == ["Łódź"]
    assert query.values(version, "usage", "application", prefix="e")[0].value == "Exchange"
    assert len(query.values(version, "users", "id", limit=3)) == 3


@pytest.mark.parametrize(
    "name", ["users", "assignments", "holders", "usage", "usage-matrix", "mailboxes", "entitlements"]
)
@pytest.mark.parametrize(
    "words", ["user4", "USER visio", "sales word", "sales", "nobody", "łódź user", "exchange user1@"]
)
@pytest.mark.parametrize("sort", [[], ["-display_name"], ["department"]])
def test_a_search_finds_what_its_columns_hold(version: Path, name: str, words: str, sort: list[str]) -> None:
    listing = LISTINGS[name]
    keys = [*listing.keys, *listing.search]
    rows = list(query.run(version, name, columns=keys, sort=sort).rows)
    texts = [" \n".join(str(cell) for cell in row[len(listing.keys) :] if cell).lower() for row in rows]
    found = [
        row
        for row, text in zip(rows, texts, strict=True)
        if all(word.lower() in text for word in words.split())
    ]
    assert list(query.run(version, name, columns=keys, sort=sort, search=words).rows) == found
    assert list(query.run(version, name, columns=keys, sort=sort, search=words, limit=100).rows) == found
    assert list(query.run(version, name, columns=keys, sort=sort, search=words, limit=3).rows) == found[:3]
    assert query.count(version, name, search=words) == len(found)


@pytest.mark.parametrize("name", ["assignments", "holders", "usage", "mailboxes"])
def test_a_group_counts_its_rows_and_their_users_once(version: Path, name: str, kit: Any) -> None:
    listing = LISTINGS[name]
    for moment in (None, kit.start) if listing.as_of else (None,):
        for column in listing.columns:
            if not column.groupable or column.type == "texts":
                continue
            asked: dict[str, Any] = {"filters": [query.parse_filter("user_id!=id-1")], "as_of": moment}
            told = query.run(version, name, columns=["user_id", column.key], **asked).rows
            rows = [(who, None if value == "" else value) for who, value in told]
            expected = {
                value: (
                    sum(1 for row in rows if row[1] == value),
                    len({row[0] for row in rows if row[1] == value}),
                )
                for _, value in rows
            }
            groups = query.group(version, name, column.key, **asked)
            assert {each.value: (each.count, each.users) for each in groups} == expected
