"""What people decide about recommendations stands through imports, and is confirmed by them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.connecting import connect

from seatbeacon.beacon.audit import Actor
from seatbeacon.beacon.errors import InvalidDecision
from seatbeacon.beacon.imports.execute import run_import
from seatbeacon.beacon.imports.versions import choose_version, version_path
from seatbeacon.beacon.models import (
    AuditEntry,
    Connection,
    Decision,
    DecisionState,
    ProductPrice,
    SavingsDay,
    Tenant,
    Trigger,
)
from seatbeacon.beacon.savings.decisions import decide, undo
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.hand_over import plan_of
from seatbeacon.beacon.savings.listed import ACCEPTED, COUNTED, findings, recommendations_with_states
from seatbeacon.inventory import query
from seatbeacon.inventory.filters import Filter
from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.optimization.decided import by_groups
from seatbeacon.simulator.options import TenantOptions
from seatbeacon.simulator.server import Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Outcome

ANNA = Actor("anna")


class Contoso:
    """A tenant that is imported and judged."""

    def __init__(self, settings: Settings, simulator: Simulator, connection: Connection) -> None:
        self.settings, self.simulator, self.connection = settings, simulator, connection

    def imported(self, *, day: int = 0) -> Outcome:
        """Import it as of a day, and judge it."""
        self.simulator.set_day(day)
        run_import(self.settings, self.connection, Trigger.CLI)
        return self.judged()

    def judged(self) -> Outcome:
        """What the rules find in it."""
        return recommendations_of(self.settings, choose_version(None))

    @property
    def id(self) -> str:
        """The tenant's id."""
        return Tenant.objects.get().pk


@pytest.fixture
def contoso(home: Settings) -> Iterator[Contoso]:
    with Simulator(TenantOptions(users=150)) as running:
        connection = connect(home, running)
        yield Contoso(home, running, connection)


def states(outcome: Outcome) -> dict[str, Any]:
    """The keys of an outcome's recommendations with how they stand."""
    file, listing = recommendations_with_states(outcome)
    return {str(key): state for key, state in query.run(file, listing, columns=["key", "state"]).rows}


def test_what_is_decided_is_listed_filtered_counted_and_audited(contoso: Contoso) -> None:
    outcome = contoso.imported()
    everything = findings(outcome)
    assert set(states(outcome).values()) == {"open"}
    first, second, third = everything[:2], everything[2:3], everything[3:4]
    decide(contoso.id, first, DecisionState.ACCEPTED, actor=ANNA)
    decide(contoso.id, second, DecisionState.IN_WORK, actor=ANNA)
    decide(contoso.id, third, DecisionState.DISMISSED, actor=ANNA, reason="Needed for audits")
    file, listing = recommendations_with_states(outcome)
    counted = {each.value: each.count for each in query.group(file, listing, "state")}
    assert counted == {"open": len(everything) - 4, "accepted": 2, "in work": 1, "dismissed": 1}
    acted = {row[0] for row in query.run(file, listing, filters=[ACCEPTED], columns=["key"]).rows}
    assert acted == {one.key for one in (*first, *second)}
    assert query.count(file, listing, filters=[COUNTED]) == len(everything) - 1
    dismissed = [Filter("state", "=", "dismissed")]
    rows = query.run(file, listing, filters=dismissed, columns=["key", "reason", "decided_by"]).rows
    assert list(rows) == [(third[0].key, "Needed for audits", "anna")]
    entry = AuditEntry.objects.filter(action="recommendations.decided").latest("pk")
    assert (entry.actor, entry.details["state"], entry.details["reason"]) == (
        "anna", "dismissed", "Needed for audits",
    )  # fmt: skip
    assert entry.details["recommendations"] == [third[0].key]


def test_an_act_is_undone_and_what_was_decided_since_stays(contoso: Contoso) -> None:
    outcome = contoso.imported()
    one, other, third = findings(outcome, limit=3)
    decide(contoso.id, [one], DecisionState.ACCEPTED, actor=ANNA, reason="asked them")
    act = decide(contoso.id, [one, other, third], DecisionState.EXEMPTED, actor=ANNA, reason="a mistake")
    decide(contoso.id, [third], DecisionState.IN_WORK, actor=ANNA)
    assert undo(contoso.id, act.batch, actor=ANNA) == 2
    now = states(outcome)
    assert (now[one.key], now[other.key], now[third.key]) == ("accepted", "open", "in work")
    assert Decision.objects.get(key=one.key).reason == "asked them"
    assert undo(contoso.id, act.batch, actor=ANNA) == 0
    assert undo("another", act.batch, actor=ANNA) == 0


@pytest.mark.parametrize(
    ("state", "reason", "days", "field"),
    [
        (DecisionState.DISMISSED, " ", None, "reason"),
        (DecisionState.EXEMPTED, "", None, "reason"),
        (DecisionState.DISMISSED, "why", -1, "until"),
        (DecisionState.ACCEPTED, "", 5, "until"),
        (DecisionState.ACCEPTED, "x" * 1001, None, "reason"),
    ],
)
def test_a_decision_that_cannot_stand_changes_nothing(
    contoso: Contoso, state: DecisionState, reason: str, days: int | None, field: str
) -> None:
    outcome = contoso.imported()
    until = None if days is None else datetime.now(UTC).date() + timedelta(days=days)
    with pytest.raises(InvalidDecision) as raised:
        decide(contoso.id, findings(outcome, limit=1), state, actor=ANNA, reason=reason, until=until)
    assert raised.value.field == field
    with pytest.raises(InvalidDecision):
        decide(contoso.id, [], DecisionState.ACCEPTED, actor=ANNA)
    assert not Decision.objects.exists()


def test_imports_confirm_what_is_gone_reopen_what_is_not_and_lose_nothing(contoso: Contoso) -> None:
    outcome = contoso.imported()
    for (sku,) in query.run(outcome.file, recommendations_with_states(outcome)[1], columns=["sku_id"]).rows:  # type: ignore[arg-type]
        ProductPrice.objects.get_or_create(
            sku_id=sku, defaults={"amount": 10, "currency": "EUR", "changed_at": datetime.now(UTC)}
        )
    outcome = contoso.judged()
    everything = findings(outcome)
    halves = [everything[place::4] for place in range(4)]
    for state, part in zip(
        (DecisionState.ACCEPTED, DecisionState.IN_WORK, DecisionState.DONE, DecisionState.DISMISSED),
        halves,
        strict=True,
    ):
        decide(contoso.id, part, state, actor=ANNA, reason="as agreed")
    before = {one.key: one for one in Decision.objects.all()}
    later = contoso.imported(day=60)
    still = set(states(later))
    after = {one.key: one for one in Decision.objects.all()}
    assert after.keys() == before.keys()
    file = contoso.settings.inventory / choose_version(None).file
    held = {(user, sku) for user, sku in query.run(file, "assignments", columns=["user_id", "sku_id"]).rows}
    confirmed = reopened = 0
    for key, one in after.items():
        was, (user, sku, _rule) = before[key].state, one.parts
        if was == "dismissed":
            assert (one.state, one.reason) == ("dismissed", "as agreed")
        elif key in still:
            assert one.state == ("open" if was == "done" else was)
            if was == "done":
                reopened += 1
                assert one.reason.startswith("Marked done by anna, but import ")
        elif user and (user, sku) not in held:
            assert (one.state, one.confirmed_at is not None) == ("done", True)
            confirmed += 1
    assert confirmed
    assert reopened
    realised = sum(day.realised for day in SavingsDay.objects.all())
    assert realised == sum(
        one.yearly_saving or 0 for one in Decision.objects.filter(state="done", confirmed_at__isnull=False)
    )
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"recommendations.confirmed", "recommendations.reopened"} <= actions


def test_what_was_said_before_an_import_began_is_all_that_it_judges(contoso: Contoso) -> None:
    outcome = contoso.imported()
    one = findings(outcome, limit=1)
    decide(contoso.id, one, DecisionState.DONE, actor=ANNA)
    contoso.judged()
    ProductPrice.objects.create(
        sku_id=one[0].key.split("/")[1], amount=1, currency="EUR", changed_at=datetime.now(UTC)
    )
    contoso.judged()  # anew, of the import from before the decision
    assert Decision.objects.get().state == "done"


def test_a_dismissal_opens_again_when_its_last_day_has_passed(contoso: Contoso) -> None:
    outcome = contoso.imported()
    today = datetime.now(UTC).date()
    passed, lasting = findings(outcome, limit=2)
    decide(contoso.id, [passed, lasting], DecisionState.DISMISSED, actor=ANNA, reason="travels", until=today)
    Decision.objects.filter(key=passed.key).update(until=today - timedelta(days=1))
    later = contoso.imported(day=1)
    one = Decision.objects.get(key=passed.key)
    assert (one.state, one.until) == ("open", None)
    assert "travels" in one.reason
    assert "has passed" in one.reason
    assert states(later).get(lasting.key, "dismissed") == "dismissed"
    assert AuditEntry.objects.filter(action="recommendations.expired").count() == 1


def test_what_is_accepted_is_handed_over_but_for_what_a_group_gives(contoso: Contoso) -> None:
    outcome = contoso.imported()
    version = choose_version(None)
    assert plan_of(contoso.settings, version, outcome).changes == ()
    decide(contoso.id, findings(outcome), DecisionState.ACCEPTED, actor=ANNA)
    plan = plan_of(contoso.settings, version, outcome)
    file, listing = recommendations_with_states(outcome)
    rows = query.run(file, listing, columns=["user_id", "sku_id", "action", "source"]).rows
    direct = {(user, sku) for user, sku, action, source in rows if action == "remove" and source == "direct"}
    made = {(change.user_id, sku) for change in plan.changes for sku in change.remove}
    assert direct
    assert direct <= made
    assert len({change.user_id for change in plan.changes}) == len(plan.changes)
    assert any("take no license from anybody" in sentence for sentence in plan.told)

    path = version_path(contoso.settings, version)
    held = list(query.run(path, LISTINGS["assignments"], columns=["user_id", "sku_id", "source"]).rows)
    keys = [(str(user), str(sku), "inactive") for user, sku, _source in held]
    grouped = {(user, sku, "inactive") for user, sku, source in held if source == "group"}
    assert grouped, {source for _u, _s, source in held}
    assert by_groups(path, keys).keys() == grouped
    assert not grouped & {(user, sku, "inactive") for user, sku in made}
