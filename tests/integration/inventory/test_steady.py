"""Where reports say of a user what they said before, usage moves on without being merged: to the same end."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatbeacon.inventory.importing import steady

if TYPE_CHECKING:
    import random

_APPS = ("Word", "Word (Windows)", "Outlook", "Teams (Windows)", "Teams (Web)")
_DEVICES = ("Used Web", "Used Windows", "Used iOS")
_PERIODS = (7, 30, 90, 180)

_person = st.fixed_dictionaries(
    {
        "exchange": st.sampled_from([None, 0, 1, 40]),
        "mail": st.sampled_from([None, 0, 3]),
        "copilot": st.sampled_from([None, 2]),
        "apps": st.dictionaries(st.sampled_from(_APPS), st.sampled_from(_PERIODS), max_size=3),
        "devices": st.sets(st.sampled_from(_DEVICES)),
    }
)
_day = st.fixed_dictionaries(
    {
        "changed": st.dictionaries(st.integers(0, 5), st.none() | _person, max_size=2),
        "gone": st.sets(st.integers(0, 5), max_size=1),
        "renamed": st.sets(st.integers(0, 5), max_size=1),
        "missing": st.sampled_from([None] * 6 + ["emailActivity", "appUsageD30", "teamsDevices"]),
        "concealed": st.sampled_from([False] * 5 + [True]),
        "passed": st.sampled_from([0, 1, 1, 1, 20]),
        "order": st.randoms(use_true_random=False),
    }
)


def _name(number: int, renamed: set[int]) -> str:
    return f"{'new' if number in renamed else 'user'}{number}@contoso.example"


def _reports(
    kit: Any, people: dict[str, dict[str, Any] | None], refresh: date, order: random.Random | None = None
) -> dict[str, bytes]:
    """All reports of the people, by name; None is who is in no report."""
    named = [(name, told) for name, told in people.items() if told is not None]
    if order is not None:
        order.shuffle(named)
    reports = {
        "activeUsers": kit.active_users({name: _ago(told["exchange"]) for name, told in named}, refresh),
        "emailActivity": kit.activity({name: _ago(told["mail"]) for name, told in named}, refresh),
        "copilotUsage": kit.activity(
            {name: _ago(told["copilot"]) for name, told in named if told["copilot"]},
            refresh - timedelta(days=1),
        ),
        "teamsDevices": "".join(
            f"{line}\r\n"
            for line in (
                ",".join(("Report Refresh Date", "User Principal Name", *_DEVICES)),
                *(f"{refresh},{name},{_flags(told['devices'])}" for name, told in named),
            )
        ).encode(),
    }
    for period in _PERIODS:
        cells = {
            name: ",".join(app for app, since in told["apps"].items() if since <= period)
            for name, told in named
        }
        reports[f"appUsageD{period}"] = kit.app_usage(period, cells, refresh)
    return reports


def _flags(devices: set[str]) -> str:
    return ",".join("Yes" if each in devices else "No" for each in _DEVICES)


def _ago(days: int | None) -> str:
    """A day that stays where it is, whatever day the report is of."""
    return "" if days is None else str(date(2026, 7, 20) - timedelta(days=days))


@pytest.mark.slow
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    people=st.dictionaries(st.integers(0, 5), _person, min_size=2),
    days=st.lists(_day, min_size=2, max_size=3),
)
def test_moving_on_leaves_what_merging_everything_would(
    kit: Any, people: dict[int, dict[str, Any] | None], days: list[dict[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        quick, whole = kit.maker(Path(folder) / "quick"), kit.maker(Path(folder) / "whole")
        refresh, find_news = kit.refresh, steady.find_news
        for maker in (quick, whole):
            maker.folder.mkdir()
        for day in days:
            people = people | day["changed"]
            refresh += timedelta(days=day["passed"])
            here = [number for number in range(6) if number not in day["gone"]]
            named = {_name(number, day["renamed"]): people.get(number) for number in here}
            if day["concealed"]:
                named = {f"{number:032X}": told for number, told in enumerate(named.values())}
            reports = _reports(kit, named, refresh, day["order"])
            reports.pop(day["missing"], None)
            users = [kit.user(n, userPrincipalName=_name(n, day["renamed"])) for n in here]
            for maker, finding in ((quick, find_news), (whole, lambda _context, _telling: False)):
                patch.setattr(steady, "find_news", finding)
                version = maker.version(users, skus=[kit.sku()], **reports)
            assert kit.contents(quick.results[-1].file) == kit.contents(version)


def _people(count: int) -> dict[str, dict[str, Any] | None]:
    return {
        f"user{number}@contoso.example": {
            "exchange": number, "mail": None, "copilot": 1 if number == 1 else None,
            "apps": {"Word": 7, "Teams (Windows)": 90}, "devices": {"Used iOS", "Used Windows"},
        }
        for number in range(count)
    }  # fmt: skip


def _later(make: Any, kit: Any, people: dict[str, Any], days: int) -> Path:
    refresh = kit.refresh + timedelta(days=days)
    users = [kit.user(number) for number in range(8)]
    version: Path = make.version(users, skus=[kit.sku()], **_reports(kit, people, refresh))
    return version


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """What each later import found: how many users there was news of, None where it did not ask."""
    found: list[int | None] = []

    def watched(context: Any, telling: Any, find: Any = steady.find_news) -> bool:
        few: bool = find(context, telling)
        found.append(context.connection.execute("SELECT count(*) FROM news").fetchone()[0] if few else None)
        return few

    monkeypatch.setattr(steady, "find_news", watched)
    return found


def test_a_day_later_only_those_with_news_are_merged(make: Any, kit: Any, news: list[int | None]) -> None:
    people = _people(6)
    _later(make, kit, people, 0)
    changed = people | {"user2@contoso.example": {**people["user2@contoso.example"], "devices": set()}}  # type: ignore[dict-item]
    version = _later(make, kit, changed | {"user5@contoso.example": None}, 1)
    assert news == [2]
    word = kit.rows(
        version, "usage", filters=["application=Word", "platform=All"], sort=["user_principal_name"]
    )
    dates = [row["report_refresh_date"] for row in word]
    assert dates == [kit.refresh + timedelta(days=1)] * 5 + [kit.refresh]


def test_what_is_of_the_same_day_is_merged_whole_and_so_is_what_follows(
    make: Any, kit: Any, news: list[int | None]
) -> None:
    people = _people(6)
    _later(make, kit, people, 0)
    _later(make, kit, people | {"user2@contoso.example": None}, 0)
    _later(make, kit, people, 1)
    _later(make, kit, people, 2)
    assert news == [None, None, 0]


def test_after_a_report_was_missing_everything_is_merged(make: Any, kit: Any, news: list[int | None]) -> None:
    people = _people(6)
    _later(make, kit, people, 0)
    users = [kit.user(number) for number in range(8)]
    reports = _reports(kit, people, kit.refresh + timedelta(days=1))
    del reports["appUsageD30"]
    make.version(users, skus=[kit.sku()], **reports)
    for days in (2, 3):
        _later(make, kit, people, days)
    assert news == [None, None, 0]
