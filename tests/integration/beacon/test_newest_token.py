"""A refresh token that a person brings while an import renews is the newer one, whichever is stored last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from seatbeacon.beacon.connections.access import open_access
from seatbeacon.beacon.connections.drafts import Given
from seatbeacon.beacon.connections.services import GivenSecrets, add_connection, edit_connection
from seatbeacon.beacon.errors import SecretMissing
from seatbeacon.beacon.models import Connection, SecretField
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.secrets.store import forget_secret, get_secret
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator


@pytest.fixture
def contoso(home: Settings, form: Given, simulator: Simulator) -> Connection:
    token = Secret(simulator.issue_refresh_token())
    return add_connection(load_key_ring(home), "Contoso", form, GivenSecrets(refresh_token=token))


def meanwhile(simulator: Simulator, patch: pytest.MonkeyPatch, deed: Callable[[], object]) -> None:
    """Have `deed` done once, while the tenant makes the next refresh token."""
    issue = simulator.mint.refresh_token

    def issue_after_deed(*arguments: Any, **options: Any) -> str:
        patch.setattr(simulator.mint, "refresh_token", issue)
        try:
            deed()
        finally:
            connections.close_all()
        return issue(*arguments, **options)

    patch.setattr(simulator.mint, "refresh_token", issue_after_deed)


def test_a_token_that_is_brought_during_a_renewal_stays(
    home: Settings, contoso: Connection, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = load_key_ring(home)
    brought = Secret(simulator.issue_refresh_token())
    bring = GivenSecrets(refresh_token=brought)
    meanwhile(simulator, monkeypatch, lambda: edit_connection(ring, contoso, Given(), bring))
    with open_access(home, contoso) as access:
        first = access.tokens.token()
        assert get_secret(ring, contoso, SecretField.REFRESH_TOKEN) == brought
        # The next renewal goes on from it, and stores what comes of it.
        access.tokens.renew(first)
    stored = get_secret(ring, contoso, SecretField.REFRESH_TOKEN)
    assert stored is not None
    assert stored != brought


def test_a_token_that_is_taken_away_during_a_renewal_does_not_come_back(
    home: Settings, contoso: Connection, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = load_key_ring(home)
    meanwhile(simulator, monkeypatch, lambda: forget_secret(contoso, SecretField.REFRESH_TOKEN))
    with open_access(home, contoso) as access:
        first = access.tokens.token()
        assert get_secret(ring, contoso, SecretField.REFRESH_TOKEN) is None
        with pytest.raises(SecretMissing):
            access.tokens.renew(first)


def test_a_token_that_could_not_be_stored_is_redeemed_next_and_stored_then(
    home: Settings, contoso: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = load_key_ring(home)
    before = get_secret(ring, contoso, SecretField.REFRESH_TOKEN)
    with open_access(home, contoso) as access:
        with monkeypatch.context() as patch:

            def full(*arguments: object) -> None:
                raise OSError("disk full")

            patch.setattr("seatbeacon.beacon.connections.tokens.put_secret", full)
            with pytest.raises(OSError, match="disk full"):
                access.tokens.token()
        unstored = access.tokens._unstored  # type: ignore[union-attr] # what is in memory alone
        assert unstored is not None
        assert get_secret(ring, contoso, SecretField.REFRESH_TOKEN) == before
        access.tokens.token()
        assert access.tokens._refresh_token not in (before, unstored)  # type: ignore[union-attr] # as above
    stored = get_secret(ring, contoso, SecretField.REFRESH_TOKEN)
    assert stored == access.tokens._refresh_token  # type: ignore[union-attr] # as above
