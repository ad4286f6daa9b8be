from __future__ import annotations

import pytest

from seatbeacon.web.accounts.roles import DESCRIPTIONS, Role


@pytest.mark.parametrize(
    ("role", "needed", "allowed"),
    [
        (Role.VIEWER, Role.VIEWER, True),
        (Role.VIEWER, Role.OPERATOR, False),
        (Role.OPERATOR, Role.VIEWER, True),
        (Role.OPERATOR, Role.ADMINISTRATOR, False),
        (Role.ADMINISTRATOR, Role.OPERATOR, True),
    ],
)
def test_a_role_may_do_what_those_before_it_may(role: Role, needed: Role, allowed: bool) -> None:
    assert role.allows(needed) is allowed


def test_every_role_is_described() -> None:
    assert set(DESCRIPTIONS) == set(Role)
