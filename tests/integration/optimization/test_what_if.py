"""What-if answers from today's outcome what a whole evaluation with its thresholds answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.integration.optimization.conftest import day, prices

from seatbeacon.optimization import Exemption, Inputs, Leave, Settings, load_rules, recommend, what_if

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest
    from tests.integration.optimization.conftest import Town

    from seatbeacon.optimization import Outcome

E1, E3, M3, F3, E5 = "STANDARDPACK", "ENTERPRISEPACK", "SPE_E3", "SPE_F1", "SPE_E5"
COPILOT = "Microsoft_365_Copilot"
WEB, DESKTOP = ("Word", "Word (Web)"), ("Word", "Word (Windows)")
BUSY = ("Outlook", "Word", "Excel", "PowerPoint")
PRICES = prices(
    ENTERPRISEPACK=23, SPE_E3=39, SPE_F1=8, STANDARDPACK=10, SPE_E5=57, EMS=11, Microsoft_365_Copilot=30
)
WIDE: dict[str, dict[str, float]] = {"inactive": {"days": 20}, "downgrade": {"days": 40, "held": 5}}


def _populate(town: Town) -> None:
    """People on both sides of most thresholds, so that a rule claims what another one found before."""
    for ago in (5, 25, 45, 75, 100, 170):
        every = {"Exchange": ago, "Teams": ago, "OneDrive": ago}
        town.person(f"mail {ago}", E3, used={"Exchange": ago}, assigned=ago + 40)
        town.person(
            f"web {ago}", M3, used=every, apps={180: WEB, 30: ("Word",)}, onedrive=1, assigned=ago + 3
        )
        town.person(f"desktop {ago}", E3, used={"Exchange": 1}, apps={90: DESKTOP}, assigned=ago)
        town.person(f"both {ago}", E3, M3, used=every, apps={7: DESKTOP}, assigned=200)
        town.person(f"suites {ago}", E3, F3, used=every, apps={7: WEB}, assigned=200)
        town.person(f"never {ago}", E5, assigned=ago)
        town.person(f"copilot {ago}", COPILOT, E3, used={"Exchange": 1}, copilot=ago, assigned=ago + 20)
        town.person(f"busy {ago}", E3, used={"Teams": ago}, apps={30: BUSY})
        town.person(f"off {ago}", "EMS", used={"Exchange": 1}, accountEnabled=False, assigned=ago)
        town.person(f"shared {ago}", E3, mailbox=("Shared", ago / 2, False), assigned=ago)
        town.person(f"unpriced {ago}", "VISIOCLIENT", used=every, assigned=200)
        town.person(f"away {ago}", E3, used=every, department="Sales")
    town.buy(E1, 40)


def _inputs(thresholds: Mapping[str, Mapping[str, float]] | None = None) -> Inputs:
    return Inputs(
        prices=PRICES,
        exemptions=(Exemption(user_id="id-mail 75"), Exemption(department="Sales", rule="inactive")),
        leaves=(Leave("id-web 100", day(20)),),
        settings=Settings(off=frozenset({"guest"}), thresholds=thresholds or {}),
    )


def _moves() -> list[dict[str, dict[str, float]]]:
    """Every rule's thresholds at their least and near their most, and several rules at once."""
    found = []
    for rule in load_rules():
        if rule.thresholds and rule.id != "guest":
            found.append({rule.id: {name: each.minimum for name, each in rule.thresholds.items()}})
            found.append({rule.id: {name: min(each.maximum, 120) for name, each in rule.thresholds.items()}})
    return [*found, WIDE]


def test_from_today_a_what_if_answers_what_a_whole_evaluation_answers(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _populate(town)
    version, folder = town.imported(), tmp_path / "results"
    known = _inputs({"inactive": {"days": 100}})
    outcome = recommend(version, folder, known)
    monkeypatch.setattr("seatbeacon.optimization.moved._WORTH_IT", 1.0)
    differ = 0
    for move in _moves():
        inputs = _inputs({"inactive": {"days": 100}, **move})
        with monkeypatch.context() as patch:
            patch.setattr("seatbeacon.optimization.moved.evaluate", _not_asked)
            quick = what_if(version, folder, inputs, (known, outcome))
        assert _said(quick) == _said(what_if(version, folder, inputs)), move
        differ += quick.totals != outcome.totals
    assert differ > 10  # so that there was something to find


def test_what_concerns_most_of_all_is_judged_as_a_whole(town: Town, tmp_path: Path) -> None:
    _populate(town)
    version, folder, known = town.imported(), tmp_path / "results", _inputs()
    outcome = recommend(version, folder, known)
    inputs = _inputs(WIDE)
    assert _said(what_if(version, folder, inputs, (known, outcome))) == _said(
        recommend(version, folder, inputs)
    )


def test_what_else_differs_is_not_answered_from_today(town: Town, tmp_path: Path) -> None:
    _populate(town)
    version, folder, known = town.imported(), tmp_path / "results", _inputs()
    outcome = recommend(version, folder, known)
    others = (
        replace(known, exemptions=()),
        replace(known, settings=replace(known.settings, grace_days=0)),
        replace(known, settings=replace(known.settings, off=frozenset({"inactive"}))),
    )
    for inputs in others:
        answer = what_if(version, folder, inputs, (known, outcome))
        assert _said(answer) == _said(recommend(version, folder, inputs))


def _said(outcome: Outcome) -> Outcome:
    return replace(outcome, file=None)


def _not_asked(*_given: object) -> None:
    raise AssertionError("It was judged as a whole.")
