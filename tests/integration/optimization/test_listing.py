"""The listing of recommendations is asked, filtered, grouped, paged and exported as any other."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.integration.optimization.conftest import Town, prices

from seatbeacon.inventory import exports, query
from seatbeacon.inventory.errors import BadVersion, InvalidQuery
from seatbeacon.optimization import RECOMMENDATIONS, Inputs, recommend
from seatbeacon.optimization.keeping import tidy

if TYPE_CHECKING:
    from pathlib import Path

E3 = "ENTERPRISEPACK"


@pytest.fixture
def results(town: Town) -> Path:
    """Recommendations for five people, of two departments."""
    for number in range(5):
        town.person(f"{number}", E3, "EMS", department="Sales" if number < 2 else "IT")
    outcome = town.judge(Inputs(prices=prices(ENTERPRISEPACK="23.33", EMS="8.07")))
    assert outcome.file is not None
    return outcome.file


def test_pages_follow_each_other_by_cursor_in_the_order_of_money(results: Path) -> None:
    seen: list[tuple[object, ...]] = []
    after = None
    while True:
        page = query.run(results, RECOMMENDATIONS, columns=["yearly_saving", "key"], limit=3, after=after)
        seen += page.rows
        after = page.next
        if after is None:
            break
    assert len(seen) == len({key for _saving, key in seen}) == query.count(results, RECOMMENDATIONS) == 10
    assert [row[0] for row in seen] == [Decimal("279.96")] * 5 + [Decimal("96.84")] * 5


def test_groups_sum_money_exactly(results: Path) -> None:
    found = query.group(results, RECOMMENDATIONS, "department")
    assert {one.value: one.sums["yearly_saving"] for one in found} == {
        "IT": Decimal("1130.40"),
        "Sales": Decimal("753.60"),
    }


def test_money_is_filtered_by_amount(results: Path) -> None:
    dear = query.parse_filter("yearly_saving>=279.96")
    assert query.count(results, RECOMMENDATIONS, filters=[dear]) == 5
    for wrong in ("yearly_saving>=much", "yearly_saving>=NaN", "yearly_saving>=1e30"):
        with pytest.raises(InvalidQuery, match=r"an amount such as 12\.50"):
            query.count(results, RECOMMENDATIONS, filters=[query.parse_filter(wrong)])


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_it_is_exported(results: Path, kind: str) -> None:
    stream = io.BytesIO()
    exports.write(results, RECOMMENDATIONS, stream=stream, format=kind, columns=["key", "yearly_saving"])
    assert stream.getvalue()
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(stream.getvalue().decode())))
        assert rows[0]["yearly_saving"] == "279.9600"


def test_a_bad_rule_of_ones_own_leaves_the_others_as_they_are(town: Town, tmp_path: Path) -> None:
    town.person("idle", E3, used={"Exchange": 120})
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "bad.toml").write_text("id = 1", encoding="utf-8")
    assert town.found("inactive", Inputs(rule_folders=(tmp_path / "own",))) == {"idle"}


def test_a_version_that_is_none_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadVersion, match="does not exist"):
        recommend(tmp_path / "v000001.duckdb", tmp_path / "out")


def test_old_results_are_tidied_away_and_the_newest_stay(tmp_path: Path) -> None:
    for number in range(15):
        (tmp_path / f"v000001.results-{number:02}.duckdb").touch()
    assert len(tidy(tmp_path)) == 3
    assert len(list(tmp_path.iterdir())) == 12
