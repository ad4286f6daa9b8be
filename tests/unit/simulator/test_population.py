"""The population: believable, and a pure function of its options."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from seatbeacon.simulator.population.products import BY_ID, GONE, UNKNOWN_SKU
from seatbeacon.simulator.population.users import Kind
from seatbeacon.simulator.tenant import Tenant, TenantOptions

TENANT = Tenant(TenantOptions(users=3000))
USERS = list(TENANT.users())
HELD = [TENANT.licensing(user) for user in USERS]


def test_the_same_options_give_the_same_tenant() -> None:
    again = Tenant(TenantOptions(users=3000))
    assert [user.upn for user in again.users()] == [user.upn for user in USERS]
    assert [again.licensing(user) for user in again.users()] == HELD
    assert Tenant(TenantOptions(users=3000, seed=2)).id != TENANT.id


def test_ids_and_principal_names_are_unique_over_the_days() -> None:
    seen = {user.index: (user.id, user.upn.lower()) for day in (0, 40, 90) for user in TENANT.users(day)}
    assert len({one for one, _ in seen.values()}) == len(seen)
    assert len({upn for _, upn in seen.values()}) == len(seen)


def test_principal_names_are_ascii_and_begin_unevenly() -> None:
    assert all(user.upn.isascii() for user in USERS)
    letters = Counter(user.upn[0].lower() for user in USERS)
    assert letters["j"] > 5 * letters["q"]
    assert any(letter.isdigit() for letter in letters)


def test_display_names_are_of_many_scripts() -> None:
    scripts = Counter(
        unicodedata.name(sign).split()[0] for user in USERS for sign in user.display_name if sign.isalpha()
    )
    assert {"LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW", "CJK", "DEVANAGARI", "HANGUL"} <= set(scripts)
    names = [user.display_name for user in USERS]
    assert any(name.startswith("=") for name in names)
    assert any("<b>" in name for name in names)
    assert any("🦊" in name for name in names)


def test_there_are_accounts_of_every_kind_and_they_are_marked_as_graph_marks_them() -> None:
    kinds = {user.kind: user for user in USERS}
    assert set(kinds) == set(Kind)
    guests = [user for user in USERS if user.kind is Kind.GUEST]
    assert all("#EXT#" in user.upn and user.user_type == "Guest" and user.external_state for user in guests)
    assert any(not user.enabled for user in USERS if user.kind is Kind.PERSON)


def test_licenses_are_about_two_each_and_come_in_every_way() -> None:
    assert 1.6 < sum(len(held.assigned) for held in HELD) / len(HELD) < 2.4
    ways = [way for held in HELD for way in held.ways]
    assert {way.error for way in ways} >= {
        "None",
        "CountViolation",
        "MutuallyExclusiveViolation",
        "DependencyViolation",
        "Other",
        "ProhibitedInUsageLocationViolation",
    }
    assert any(
        len({way.group for way in held.ways if way.sku_id == sku}) > 1
        for held in HELD
        for sku in held.assigned
    )
    assert any(sku not in {way.sku_id for way in held.ways} for held in HELD for sku in held.assigned)
    assert any(way.state == "Error" and way.sku_id not in held.assigned for held in HELD for way in held.ways)
    assert any(any(held.assigned.values()) for held in HELD)


def test_products_run_out_renew_expire_and_are_unknown() -> None:
    skus = {sku["skuPartNumber"]: sku for sku in TENANT.skus()}
    assert GONE not in skus
    assert UNKNOWN_SKU[0] in skus
    assert {sku["capabilityStatus"] for sku in skus.values()} == {
        "Enabled",
        "Warning",
        "Suspended",
        "LockedOut",
    }
    assert {sku["appliesTo"] for sku in skus.values()} == {"User", "Company"}
    assert any(sku["consumedUnits"] > sku["prepaidUnits"]["enabled"] for sku in skus.values())
    assert any(len(sku["subscriptionIds"]) > 1 for sku in skus.values())
    assert skus["POWER_BI_STANDARD"]["prepaidUnits"]["enabled"] == 1_000_000
    assert {BY_ID[sku].part_number for held in HELD for sku in held.assigned} >= {GONE, UNKNOWN_SKU[0]}


def test_about_one_in_a_hundred_changes_on_a_day() -> None:
    def looks(day: int) -> dict[str, object]:
        return {
            user.id: (user.department, user.job_title, TENANT.licensing(user).assigned)
            for user in TENANT.users(day)
        }

    before, after = looks(20), looks(21)
    common = before.keys() & after.keys()
    assert 0.003 < sum(before[one] != after[one] for one in common) / len(common) < 0.02
    assert 1 <= len(after.keys() - before.keys()) < 20
    assert len(before.keys() - after.keys()) < 20


def test_days_of_use_never_go_back() -> None:
    for index in range(0, 3000, 7):
        last: tuple[int, ...] = (0,) * 6
        for day in (0, 1, 30, 120, 260):
            user = TENANT.people.user(index, day)
            now = TENANT.usage(user, TENANT.licensing(user), day).services
            assert all(new >= old for new, old in zip(now, last, strict=True))
            last = now


def test_without_copilot_nobody_has_it() -> None:
    tenant = Tenant(TenantOptions(users=300, copilot=False))
    assert "Microsoft_365_Copilot" not in {sku["skuPartNumber"] for sku in tenant.skus()}


@pytest.mark.parametrize("options", [{"users": 0}, {"users": 3_000_000}, {"day": -1}, {"page_size_cap": 0}])
def test_options_that_make_no_tenant_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"not|cannot"):
        TenantOptions(**options)  # type: ignore[arg-type]
