"""A day that was put together says what history says of it, in every order, filter, group and search."""

from __future__ import annotations

import itertools
import os
import shutil
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seatbeacon.inventory import query
from seatbeacon.inventory.exports.write import write_file
from seatbeacon.inventory.listings import DAY_LISTINGS
from seatbeacon.inventory.preparing import day as making
from seatbeacon.inventory.preparing import prepare as preparing
from seatbeacon.inventory.preparing.day import make_day, worth_making
from seatbeacon.inventory.preparing.placing import ABANDONED
from seatbeacon.inventory.preparing.prepare import forget_prepared, prepare
from seatbeacon.inventory.querying.told import told_by

DAY = date(2026, 7, 31)
THEN = query.moment_of("2026-07-31")


def _population(kit: Any, day: int) -> dict[str, Any]:
    """Ten users whose departments, licenses, ways and plans change over three days."""

    def one(n: int) -> dict[str, Any]:
        off = [kit.teams_plan.upper()] * (n % 2)
        ways = [kit.state(kit.e3, disabled=off)]
        if n % 3 == day % 3:
            ways += [kit.state(kit.e3, f"g{n % 2}"), kit.state(kit.e3, "g1", error="Conflict")]
        if n == 5:
            ways += [kit.state(kit.visio, state="Error", error="NoSeats")]
        held = [kit.e3, *([kit.visio] if n % 4 == day else [])]
        return dict(
            kit.user(
                n,
                department=["Sales", None, "", "Łódź"][(n + day) % 4],
                displayName=f"User {n} on day {day}",
                mail=f"user{n}@contoso.example" if n % 2 else f"post{n}@contoso.example",
                createdDateTime=f"2026-01-0{1 + n % 3}T10:00:00Z" if n % 3 else None,
                accountEnabled=n % 2 == 0,
                userType="Guest" if n == 8 else "Member",
            ),
            assignedLicenses=[{"skuId": sku, "disabledPlans": off} for sku in held] if n != 7 else [],
            licenseAssignmentStates=ways + [kit.state(kit.visio) for sku in held if sku == kit.visio],
        )

    names = [f"user{n}@contoso.example" for n in range(10)]
    refresh = kit.refresh + timedelta(days=20 * day)
    return {
        "users": [one(n) for n in range(10) if n != 2 * day],
        "skus": [kit.sku(), *([kit.sku(kit.visio, "VISIOCLIENT")] if day < 2 else [])],
        "groups": [{"id": f"g{n}", "displayName": f"Group {n % 2} of {day}"} for n in range(3)],
        "servicePrincipals": [{"id": "sp", "displayName": f"App {day}"}],
        "appRoleAssignedTo": [
            {"id": f"a{n}", "resourceId": "sp", "principalId": f"id-{n % 3}", "principalType": "User"}
            for n in range(3 + day)
        ],
        "emailActivity": kit.activity(
            {name: f"2026-0{7 - (n + day) % 3}-1{n}" for n, name in enumerate(names[:8])}, refresh
        ),
        "appUsageD30": kit.app_usage(30, dict.fromkeys(names[:: 2 + day], "Word,Word (Windows)"), refresh),
        "activeUsers": kit.active_users({names[day]: str(refresh - timedelta(days=3))}, refresh),
        "mailboxUsage": kit.report(
            "Report Refresh Date,User Principal Name,Storage Used (Byte),Recipient Type",
            *(f"{refresh},{name},{n},{'Shared' if n == 4 else 'User'}" for n, name in enumerate(names)),
        ),
    }


@pytest.fixture(scope="module")
def version(kit: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = kit.maker(tmp_path_factory.mktemp("days"))
    for day in range(3):
        made.days = 20 * day
        last = made.version(**_population(kit, day))
    return Path(last)


@pytest.fixture(scope="module")
def with_days(version: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same version, and its first and second days beside it."""
    copy = Path(shutil.copy(version, tmp_path_factory.mktemp("with-days")))
    assert make_day(copy, DAY)
    assert not make_day(copy, DAY)
    assert make_day(copy, DAY + timedelta(days=20))
    return copy


@pytest.mark.parametrize("name", DAY_LISTINGS)
def test_a_day_says_what_history_says(
    name: str, version: Path, with_days: Path, kit: Any, tmp_path: Path
) -> None:
    then = THEN + timedelta(days=20)
    assert told_by(with_days, name, then)[0] != with_days
    said = kit.told(version, name, as_of=then)
    assert any(said.values()), "a listing that is empty proves nothing"
    assert kit.told(with_days, name, as_of=then) == said
    for file, target in ((version, tmp_path / "a"), (with_days, tmp_path / "b")):
        write_file(file, name, target, format="csv", as_of=then)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("name", DAY_LISTINGS)
def test_filters_relative_to_a_day_count_from_it(name: str, version: Path, with_days: Path) -> None:
    dated = [column.key for column in DAY_LISTINGS[name].columns if column.type in ("date", "time")]
    for text in (f"{key}{sign}" for key in dated for sign in ("<=30d", ">=45d", "=null")):
        asked: dict[str, Any] = {"filters": [query.parse_filter(text)], "as_of": THEN}
        found, same = (list(query.run(file, name, **asked).rows) for file in (version, with_days))
        assert found == same, text
        assert query.count(with_days, name, **asked) == len(found)


def test_pages_that_began_with_history_go_on_with_the_day_and_back(version: Path, with_days: Path) -> None:
    for name in DAY_LISTINGS:
        every = list(query.run(version, name, as_of=THEN).rows)
        files = itertools.cycle((version, with_days))
        page = query.run(next(files), name, as_of=THEN, limit=2)
        rows = list(page.rows)
        while page.next:
            page = query.run(next(files), name, as_of=THEN, limit=2, after=page.next)
            rows += page.rows
        assert rows == every


def test_a_moment_within_a_day_is_told_from_history(with_days: Path, kit: Any) -> None:
    noon = datetime(2026, 7, 31, 12, tzinfo=UTC)
    [made] = (with_days.parent / "prepared" / "days").glob("*2026-07-31.duckdb")
    kit.rows(with_days, "users", "id", as_of=noon)
    made.write_bytes(b"damaged")
    assert len(kit.rows(with_days, "users", "id", as_of=noon)) == 9
    # A file that cannot be read is as good as none.
    assert len(kit.rows(with_days, "users", "id", as_of=THEN)) == 9
    made.unlink()
    assert len(kit.rows(with_days, "users", "id", as_of=THEN)) == 9
    make_day(with_days, DAY)


def test_the_last_moment_that_there_is_can_be_asked_about(version: Path, with_days: Path) -> None:
    end = query.moment_of("9999-12-31T23:59:59.999999")
    assert query.count(with_days, "users", as_of=end) == query.count(version, "users")
    assert worth_making(version, end) is None


def test_the_last_days_are_kept_and_go_with_their_version(version: Path, tmp_path: Path) -> None:
    first, second = (Path(shutil.copy(version, tmp_path / f"v{n:06d}.duckdb")) for n in (1, 2))
    folder = tmp_path / "prepared" / "days"
    for day in range(making.MOST + 1):
        assert make_day(first, DAY + timedelta(days=day))
    kept = sorted(path.stem[-10:] for path in folder.iterdir())
    assert kept == [str(DAY + timedelta(days=day)) for day in range(1, making.MOST + 1)]
    assert prepare(second)
    assert list(folder.iterdir()) == []
    make_day(second, DAY)
    forget_prepared(second)
    assert not (tmp_path / "prepared").exists()


def test_a_day_that_is_stopped_at_any_step_leaves_nothing(version: Path, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    file = Path(shutil.copy(version, tmp_path))
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    make_day(file, DAY, check_cancelled=count)
    for stop_at in range(0, steps, 17):
        forget_prepared(file)
        left = iter(range(stop_at))

        def stop(left: Any = left) -> None:
            if next(left, None) is None:
                raise StoppedError

        with pytest.raises(StoppedError):
            make_day(file, DAY, check_cancelled=stop)
        assert list((tmp_path / "prepared" / "days").iterdir()) == []


def test_what_a_kill_left_behind_is_swept(version: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(version, tmp_path))
    folder = tmp_path / "prepared" / "days"
    folder.mkdir(parents=True)
    left, alive = (
        folder / "v1-a-2026-07-31.duckdb.7-aa.partial",
        folder / "v1-a-2026-08-01.duckdb.8-bb.partial",
    )
    scratch = folder / f"{left.name}.tmp"
    scratch.mkdir()
    for path in (left, alive, scratch / "part"):
        path.write_bytes(b"half")
    long_ago = time.time() - ABANDONED - 1
    for path in (left, scratch):
        os.utime(path, (long_ago, long_ago))
    make_day(file, DAY)
    assert sorted(path.name for path in folder.glob("*.partial*")) == [alive.name]


def test_a_day_is_worth_it_for_a_large_version_and_between_its_imports(
    version: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(shutil.copy(version, tmp_path))
    assert worth_making(file, THEN) is None  # small
    monkeypatch.setattr(preparing, "SMALL", 0)
    assert worth_making(file, THEN) == DAY
    assert worth_making(file, THEN - timedelta(days=1)) is None  # before the first import
    assert worth_making(file, THEN - timedelta(hours=1)) is None  # within a day
    assert worth_making(file, datetime.now(UTC) + timedelta(days=400)) is None
    make_day(file, DAY)
    assert worth_making(file, THEN) is None
