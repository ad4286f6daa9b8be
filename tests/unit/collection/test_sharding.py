"""Cutting users into parts: whatever the names and counts, every user is in exactly one part."""

from __future__ import annotations

import math
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatbeacon.collection.sharding.packing import pack
from seatbeacon.collection.sharding.plan import PAGE, Answer, Ask, Plan, plan_shards
from seatbeacon.collection.sharding.shard import MOST_TERMS, WHOLE, Shard, Term, starts_with

LANES = 12


class Tenant:
    """User principal names, weighted so that a few stand for many; answers as Graph would."""

    def __init__(self, names: list[str], weight: int = 1, *, ordered: bool = False) -> None:
        self.names = sorted(names, key=str.lower) if ordered else names
        self.weight = weight
        self.rounds: list[Ask] = []

    def answer(self, ask: Ask) -> Answer:
        self.rounds.append(ask)
        return Answer(
            {prefix: len(self.beginning(prefix)) * self.weight for prefix in ask.counts},
            {prefix: tuple(self.beginning(prefix)[:PAGE]) for prefix in ask.names},
        )

    def beginning(self, prefix: str) -> list[str]:
        return [name for name in self.names if name.lower().startswith(prefix)]

    def plan(self, lanes: int = LANES) -> Plan:
        asking = plan_shards(lanes)
        try:
            ask = next(asking)
            while True:
                ask = asking.send(self.answer(ask))
        except StopIteration as end:
            plan: Plan = end.value
            return plan

    def round_trips(self, lanes: int = LANES) -> int:
        return sum(math.ceil((len(ask.counts) + len(ask.names)) / lanes) for ask in self.rounds)


def parts_of(plan: Plan, name: str) -> int:
    return sum(part.holds(name) for part in plan.shards)


def sizes(tenant: Tenant, plan: Plan) -> list[int]:
    return [sum(part.holds(name) for name in tenant.names) * tenant.weight for part in plan.shards]


local_part = st.text(
    st.sampled_from(string.ascii_letters + string.digits + "._-'#éß İ"), min_size=1, max_size=9
)
anything = st.text(max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    names=st.lists(st.one_of(local_part, anything), min_size=1, max_size=120),
    weight=st.integers(1, 3000),
    lanes=st.integers(1, 16),
    ordered=st.booleans(),
)
def test_parts_are_disjoint_and_leave_nobody_out(
    names: list[str], weight: int, lanes: int, ordered: bool
) -> None:
    tenant = Tenant(names, weight, ordered=ordered)
    plan = tenant.plan(lanes)
    assert plan.total == len(names) * weight
    assert all(parts_of(plan, name) == 1 for name in names)


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(local_part, min_size=20, max_size=120),
    strangers=st.lists(anything, max_size=40),
    seed=st.integers(0, 2**32),
)
def test_users_who_join_after_planning_and_wrong_counts_do_no_harm(
    names: list[str], strangers: list[str], seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - wrong on purpose, not secret

    class Confused(Tenant):
        def answer(self, ask: Ask) -> Answer:
            right = super().answer(ask)
            wrong = {
                prefix: chance.randrange(300_000) if prefix else count
                for prefix, count in right.counts.items()
            }
            return Answer(wrong, right.names)

    plan = Confused(names, 2000).plan()
    assert all(parts_of(plan, name) == 1 for name in [*names, *strangers])


@settings(max_examples=60, deadline=None)
@given(names=st.lists(local_part, min_size=30, max_size=200), weight=st.integers(500, 3000))
def test_filters_keep_within_what_graph_takes(names: list[str], weight: int) -> None:
    for part in Tenant(names, weight).plan().shards:
        assert len(part.terms) <= MOST_TERMS
        assert part.advanced == (" not " in f" {part.filter}")
        if len(part.terms) > 1:
            assert not part.advanced


def test_few_users_are_read_as_one_chain_with_one_round_of_questions() -> None:
    tenant = Tenant(["anna@x", "bert@x"], 2000)
    assert tenant.plan() == Plan(4000, (WHOLE,))
    assert len(tenant.rounds) == 1


def people(number: int) -> list[str]:
    """Names as companies make them: unevenly distributed first letters."""
    chance = random.Random(7)  # noqa: S311 - names, not secrets
    firsts = "aaaaaajjjjjmmmmmmmssssssdddccceeelllnnnkkkrrrtttbbbfgghhiopvwyz"
    return [
        "".join(
            [
                chance.choice(firsts),
                *chance.choices("aeinorst", k=3),
                ".",
                chance.choice(firsts),
                "@contoso.com",
            ]
        )
        for _ in range(number)
    ]


@pytest.mark.parametrize("ordered", [False, True])
def test_people_are_spread_evenly_in_few_round_trips(ordered: bool) -> None:
    tenant = Tenant(people(5000), 20, ordered=ordered)
    plan = tenant.plan()
    fair = 100_000 / LANES
    assert max(sizes(tenant, plan)) <= fair + 5 * PAGE
    assert sum(sizes(tenant, plan)) == 100_000
    assert tenant.round_trips() <= (9 if ordered else 5)


@pytest.mark.parametrize("ordered", [False, True])
@pytest.mark.parametrize("prefix", ["user", "stud-2026-", "x"])
def test_numbered_accounts_are_split_below_their_common_beginning(prefix: str, ordered: bool) -> None:
    names = [f"{prefix}{number:06d}@contoso.com" for number in range(0, 100_000, 20)]
    random.Random(3).shuffle(names)  # noqa: S311 - an order, not a secret
    tenant = Tenant(names, 20, ordered=ordered)
    plan = tenant.plan()
    assert len(plan.shards) >= 10
    assert max(sizes(tenant, plan)) <= 100_000 / LANES + 5 * PAGE
    assert tenant.round_trips() <= 5


def test_names_that_cannot_be_told_apart_end_as_few_parts() -> None:
    tenant = Tenant(["same@contoso.com"] * 50, 2000)
    assert max(sizes(tenant, tenant.plan())) == 100_000


def test_a_quote_in_a_prefix_is_doubled() -> None:
    assert starts_with("o'b") == "startswith(userPrincipalName,'o''b')"


def test_a_remainder_says_what_it_leaves_to_others() -> None:
    part = Shard((Term("a", ("an", "ax")),))
    assert part.filter == (
        "startswith(userPrincipalName,'a') and not startswith(userPrincipalName,'an') and not "
        "startswith(userPrincipalName,'ax')"
    )
    assert part.advanced
    assert part.holds("ALbert")
    assert not part.holds("Anna")


def test_prefixes_are_packed_evenly_and_never_too_many_into_one_filter() -> None:
    parts = pack([(f"{number:03d}", 10) for number in range(100)], 3)
    assert max(len(part.terms) for part in parts) <= MOST_TERMS
    assert sum(part.expected for part in parts) == 1000
