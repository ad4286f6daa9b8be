"""What is exempted, and whoever is away, is left alone by the rules at once, until it is ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.imports.versions import choose_version
from seatbeacon.beacon.models import Absence, AuditEntry, Exempted
from seatbeacon.beacon.savings.evaluate import inputs_of, recommendations_of
from seatbeacon.inventory.query import run
from seatbeacon.optimization import RECOMMENDATIONS, Leave
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from seatbeacon.beacon.settings import Settings

PAGE = "/optimization/exemptions/"
COLUMNS = ["user_id", "user_principal_name", "department", "sku_id", "rule"]


@pytest.fixture
def operator(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.OPERATOR)


def found(settings: Settings) -> list[dict[str, Any]]:
    """What the rules find now."""
    file = recommendations_of(settings, choose_version(None)).file
    assert file is not None
    return [dict(zip(COLUMNS, row, strict=True)) for row in run(file, RECOMMENDATIONS, columns=COLUMNS).rows]


@pytest.mark.parametrize(
    ("field", "column"),
    [("user", "user_principal_name"), ("department", "department"), ("product", "sku_id"), ("rule", "rule")],
)
def test_what_is_exempted_is_recommended_no_more_and_again_when_it_is_ended(
    operator: Client, home: Settings, see: Any, field: str, column: str
) -> None:
    before = found(home)
    value = next(row[column] for row in before if row[column] and row["user_id"])
    answer = operator.post(f"{PAGE}new/", {field: value, "reason": "<i>by contract</i>"})
    assert answer.status_code == 302
    left = found(home)
    assert left
    assert not [row for row in left if row[column] == value]
    page = see(operator, PAGE)
    assert "&lt;i&gt;by contract&lt;/i&gt;" in page.text
    operator.post(f"{PAGE}{Exempted.objects.get().pk}/end/")
    assert found(home) == before
    actions = list(
        AuditEntry.objects.filter(action__startswith="exemption.").values_list("action", flat=True)
    )
    assert actions == ["exemption.added", "exemption.ended"]


def test_those_who_hold_a_license_by_an_exempted_group_are_left_alone(
    operator: Client, home: Settings, inventory: Any
) -> None:
    columns = ["user_id", "group_name"]
    file = recommendations_of(home, choose_version(None)).file
    assert file is not None
    rows = [(user, group) for user, group in run(file, RECOMMENDATIONS, columns=columns).rows if group]
    group = rows[0][1]
    operator.post(f"{PAGE}new/", {"group": group, "reason": "a pilot"})
    file = recommendations_of(home, choose_version(None)).file
    assert file is not None
    assert group not in {row[0] for row in run(file, RECOMMENDATIONS, columns=["group_name"]).rows}


def test_whoever_is_away_is_told_to_the_rules_until_that_is_removed(
    operator: Client, home: Settings, see: Any
) -> None:
    row = next(row for row in found(home) if row["user_id"])
    today = datetime.now(UTC).date()
    begins = today - timedelta(days=30)
    wrong = {
        "user": row["user_principal_name"],
        "begins": str(today),
        "ends": str(begins),
        "days_after": "14",
    }
    assert "before the first" in operator.post(f"{PAGE}leave/", wrong).content.decode()
    said = wrong | {"begins": str(begins), "ends": "", "reason": "parental leave"}
    assert operator.post(f"{PAGE}leave/", said).status_code == 302
    assert "parental leave" in see(operator, PAGE).words
    version = choose_version(None)
    assert inputs_of(home, version).leaves == (Leave(row["user_id"], begins, None, 14),)
    operator.post(f"{PAGE}leave/{Absence.objects.get().pk}/remove/")
    assert inputs_of(home, version).leaves == ()
    told = AuditEntry.objects.filter(action__startswith="leave.").values_list("action", flat=True)
    assert list(told) == ["leave.added", "leave.removed"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reason": "why"}, "Say what is exempted"),
        ({"user": "nobody@nowhere.example", "reason": "why"}, "Nobody has this user principal name"),
        ({"group": "none", "reason": "why"}, "No group that assigns licenses is called so"),
        ({"department": "No such", "reason": "why"}, "Nobody is in a department of this name"),
        ({"product": "no such", "reason": "why"}, "No product is called so"),
        ({"rule": "inactive"}, "This field is required"),
        ({"rule": "inactive", "reason": "why", "until": "2020-01-01"}, "is past"),
    ],
)
def test_an_exemption_that_cannot_stand_is_explained(
    operator: Client, said: dict[str, str], words: str
) -> None:
    answer = operator.post(f"{PAGE}new/", said)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Exempted.objects.exists()


def test_a_viewer_reads_exemptions_and_makes_none(viewer: Client, home: Settings, see: Any) -> None:
    assert "Nothing is exempted" in see(viewer, PAGE).words
    for address in ("new/", "leave/", "1/end/", "leave/1/remove/"):
        assert viewer.post(PAGE + address, {"rule": "inactive", "reason": "why"}).status_code == 403
    assert not Exempted.objects.exists()
