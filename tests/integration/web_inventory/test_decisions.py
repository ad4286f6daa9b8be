"""An operator decides on recommendations, in bulk after a second look, and takes it back; a viewer reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import Decision
from seatbeacon.beacon.savings.evaluate import recommendations_of
from seatbeacon.beacon.savings.listed import findings
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Outcome

PAGE = "/optimization/recommendations/"


@pytest.fixture
def operator(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.OPERATOR)


@pytest.fixture
def outcome(home: Settings) -> Outcome:
    return recommendations_of(home, choose_version(None))


def test_ticked_ones_are_shown_once_more_decided_on_listed_by_state_and_undone(
    operator: Client, outcome: Outcome, see: Any
) -> None:
    page = see(operator, PAGE)
    keys = re.findall(r'name="key" value="([^"]+)"', page.text)[:2]
    assert len(keys) == 2
    review = operator.post(f"{PAGE}decide/", {"key": keys, "list": ""})
    assert "2 recommendations<" in review.content.decode()
    assert "No price is known" in review.content.decode()
    assert not Decision.objects.exists()
    said = {"key": keys, "list": "", "count": "2", "state": "accepted"}
    assert operator.post(f"{PAGE}decide/", said).status_code == 302
    page = see(operator, PAGE)
    assert "2 recommendations are accepted now." in page.words
    assert "2 recommendations match" in see(operator, f"{PAGE}?f=state=accepted").words
    operator.post(f"{PAGE}undo/", {"list": ""})
    assert "Nothing matches" in see(operator, f"{PAGE}?f=state=accepted").words


def test_all_that_a_filter_finds_are_dismissed_leave_the_total_and_are_found_by_their_state(
    operator: Client, outcome: Outcome, see: Any
) -> None:
    everything = findings(outcome)
    rule = everything[0].key.split("/")[2]
    of_rule = [one for one in everything if one.key.split("/")[2] == rule]
    said = {"all": "yes", "list": f"f=rule={rule}", "count": str(len(of_rule)), "state": "dismissed"}
    refused = operator.post(f"{PAGE}decide/", said)
    assert (refused.status_code, Decision.objects.count()) == (400, 0)
    assert "Say why" in refused.content.decode()
    operator.post(f"{PAGE}decide/", said | {"reason": "<b>by contract</b>"})
    assert Decision.objects.filter(state="dismissed").count() == len(of_rule)
    page = see(operator, PAGE)
    assert f"{len(everything) - len(of_rule)} recommendations" in page.words.replace("\u202f", "")
    dismissed = see(operator, f"{PAGE}?f=state=dismissed")
    assert f"{len(of_rule)} recommendation" in dismissed.words
    assert "&lt;b&gt;by contract&lt;/b&gt;" in dismissed.text


def test_what_changed_since_the_second_look_is_looked_at_again(operator: Client, outcome: Outcome) -> None:
    said = {"all": "yes", "list": "", "count": "1", "state": "accepted"}
    answer = operator.post(f"{PAGE}decide/", said)
    assert "The list has changed meanwhile" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_viewer_reads_how_they_stand_and_decides_nothing(
    viewer: Client, outcome: Outcome, see: Any
) -> None:
    key = findings(outcome, limit=1)[0].key
    assert 'name="key"' not in see(viewer, PAGE).text
    for address in ("decide/", "undo/"):
        assert viewer.post(PAGE + address, {"key": key, "state": "accepted", "count": "1"}).status_code == 403
    assert not Decision.objects.exists()
