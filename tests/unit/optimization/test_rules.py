"""Rule files: what they may say, and how they are told what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatbeacon.optimization import (
    BadProducts,
    BadRule,
    BadThreshold,
    Settings,
    apply_settings,
    load_families,
    load_rules,
)
from seatbeacon.optimization.phrases import PHRASES, compile_phrase

OWN = """
id = "idle-visio"
version = 1
title = "Visio of Sales"
sentence = "Sales has Visio."
category = "remove"
order = 145
when = [{when}]
saving = "The seat."
evidence = "The directory."
limits = "None."
"""


def own(folder: Path, text: str, name: str = "own.toml") -> tuple[Path]:
    """A folder of an organisation's own rules."""
    (folder / name).write_text(text, encoding="utf-8")
    return (folder,)


def test_the_rules_that_ship_are_whole_and_in_order() -> None:
    rules = load_rules()
    assert [rule.order for rule in rules] == sorted(rule.order for rule in rules)
    assert {rule.id for rule in rules} >= {
        "unassigned", "never-used", "inactive", "disabled", "guest", "leaver", "shared-mailbox", "overlap",
        "over-licensed", "downgrade", "consolidate", "add-on-without-base", "ending", "double-assignment",
        "assignment-error", "seats-short", "copilot-unused", "copilot-candidate",
    }  # fmt: skip
    for rule in apply_settings(rules, Settings()):
        assert "{" not in rule.sentence
        assert rule.rule.limits.strip()


def test_an_own_rule_joins_the_others_and_replaces_one_of_the_same_id(tmp_path: Path) -> None:
    folders = own(tmp_path, OWN.format(when='"the user\'s department is one of Sales, Presales"'))
    rules = load_rules(folders)
    assert [rule.id for rule in rules if rule.order in (140, 145, 150)] == [
        "inactive",
        "idle-visio",
        "copilot-unused",
    ]
    own(tmp_path, OWN.format(when='"the product is paid"').replace("idle-visio", "inactive"), "second.toml")
    assert next(rule for rule in load_rules(folders) if rule.id == "inactive").title == "Visio of Sales"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            OWN.format(when='"the acount is disabled"'),
            "own.toml: when[0]: 'the acount is disabled' is no condition",
        ),
        (OWN.format(when='"held for at least {days} days"'), "names a threshold that the rule does not have"),
        (OWN.format(when=""), "when and any are empty"),
        (OWN.format(when='"the product is paid"').replace("order = 145", "order = 'x'"), "$.order"),
        (OWN.format(when='"the product is paid"') + "sql = 'DROP TABLE'", "unknown field `sql`"),
        (OWN.format(when='"the product is paid"').replace("145", "305"), "order 305 puts it behind"),
        (OWN.format(when='"the product is paid"') + 'method = "cover"', "method cover needs thresholds.days"),
        ("id = ", "is not TOML"),
    ],
)
def test_a_bad_rule_is_told_by_file_and_field(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadRule) as raised:
        load_rules(own(tmp_path, text))
    assert told in str(raised.value)
    assert "own.toml" in str(raised.value)


def test_a_misspelt_condition_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadRule, match="Did you mean 'the account is disabled'"):
        compile_phrase("the acount is disabled", {}, where="x")


def test_values_are_bound_and_never_part_of_the_statement() -> None:
    hostile = "the user's department is one of '); DROP TABLE users; --, Sales"
    condition = compile_phrase(hostile, {}, where="x")
    assert "DROP" not in condition.sql
    assert condition.values == (["'); drop table users; --", "sales"],)


def test_a_threshold_has_bounds_and_must_be_there() -> None:
    rules = load_rules()
    assert next(
        each
        for each in apply_settings(rules, Settings(thresholds={"inactive": {"days": 30}}))
        if each.id == "inactive"
    ).thresholds == {"days": 30}
    with pytest.raises(BadThreshold, match="cannot be 5"):
        apply_settings(rules, Settings(thresholds={"inactive": {"days": 5}}))
    with pytest.raises(BadThreshold, match="has no threshold 'weeks'"):
        apply_settings(rules, Settings(thresholds={"inactive": {"weeks": 5}}))
    apply_settings(rules, Settings(thresholds={"gone": {"days": 5}}))  # of a rule that was taken away


def test_every_kind_of_condition_says_what_it_means() -> None:
    assert all(phrase.meaning.endswith(".") for phrase in PHRASES)
    assert len({phrase.written for phrase in PHRASES}) == len(PHRASES)


def test_families_put_kin_together_and_free_products_apart() -> None:
    families = load_families()
    kin = {
        "m365-e3": (
            "SPE_E3",
            "SPE_E3_USGOV_DOD",
            "M365EDU_A3_FACULTY",
            "M365_G3_GOV",
            "O365_w/o Teams Bundle_M3",
        ),
        "o365-e3": (
            "ENTERPRISEPACK",
            "ENTERPRISEPACKPLUS_STUDENT",
            "ENTERPRISEPACK_GOV",
            "Office_365_E3_(no_Teams)",
        ),
        "m365-f3": ("SPE_F1", "Microsoft_365_F3_EEA_(no_Teams)"),
        "business-standard": ("O365_BUSINESS_PREMIUM",),
        "business-premium": ("SPB", "Microsoft_365_ Business_ Premium_(no Teams)"),
        "copilot": ("Microsoft_365_Copilot",),
        "free": ("FLOW_FREE", "POWER_BI_STANDARD", "DEVELOPERPACK_E5"),
        "trial": ("TEAMS_EXPLORATORY", "POWERAPPS_VIRAL"),
        "other": ("SOMETHING_NEW",),
    }
    for family, parts in kin.items():
        assert {families.family_of(part).id for part in parts} == {family}
    assert families.family_of("STANDARDWOFFPACK_STUDENT").free
    markets = {
        "ENTERPRISEPACK_GOV": "gcc",
        "SPE_E3_USGOV_DOD": "dod",
        "M365EDU_A3_STUDENT": "student",
        "SPE_E3": "commercial",
    }
    assert {part: families.segment_of(part) for part in markets} == markets


def test_own_families_come_first(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[[family]]\nid = "ours"\ntitle = "Ours"\nrole = "free"\nfree = true\nproducts = ["VISIO*"]\n',
        encoding="utf-8",
    )
    assert load_families((tmp_path,)).family_of("VISIOCLIENT").id == "ours"
    (tmp_path / "own.toml").write_text('[[family]]\nid = "ours"\nrole = "x"\n', encoding="utf-8")
    with pytest.raises(BadProducts, match=r"own\.toml"):
        load_families((tmp_path,))


def test_the_rule_and_the_family_in_the_documentation_are_good(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "write-a-rule.md").read_text(encoding="utf-8")
    rule, family = (block.partition("```")[0] for block in page.split("```toml\n")[1:])
    (tmp_path / "rules").mkdir()
    (tmp_path / "products").mkdir()
    (tmp_path / "rules" / "own.toml").write_text(rule, encoding="utf-8")
    (tmp_path / "products" / "own.toml").write_text(family, encoding="utf-8")
    assert "visio-outside-engineering" in {each.id for each in load_rules((tmp_path / "rules",))}
    assert load_families((tmp_path / "products",)).family_of("VISIO_PLAN1_DEPT").free
