"""Tokens that end, are refused or are renewed while a run goes on."""

from __future__ import annotations

import base64
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.graph.errors import SignInError, Unauthorized
from seatbeacon.graph.oauth import (
    ClientCredentialsSource,
    ClientSecret,
    OAuthApp,
    RefreshTokenSource,
)
from seatbeacon.graph.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.graph.client import GraphClient
    from seatbeacon.graph.transport import Transport


@pytest.fixture
def stored() -> list[str]:
    """The refresh tokens that were stored."""
    return []


@pytest.fixture
def source(app: OAuthApp, transport: Transport, time: Any, stored: list[str]) -> RefreshTokenSource:
    """A signed-in person."""
    return RefreshTokenSource(
        app,
        transport,
        Secret("refresh-0"),
        store=lambda token: stored.append(token.reveal()),
        patience=time.patience(),
    )


@pytest.fixture
def client(
    graph: Any,
    transport: Transport,
    time: Any,
    source: RefreshTokenSource,
    connected: Callable[..., GraphClient],
) -> GraphClient:
    """A client that signs in as that person."""
    return connected(graph, transport, time, tokens=source)


def accepts(kit: Any, *tokens: str) -> Callable[[Any], Any]:
    wanted = {f"Bearer {token}" for token in tokens}

    def answer(seen: Any) -> Any:
        if seen.headers["authorization"] in wanted:
            return kit.json({"id": "x"})
        return kit.fault(401, "InvalidAuthenticationToken", "Lifetime validation failed")

    return answer


def test_a_new_refresh_token_is_stored_before_its_access_token_is_used(
    client: GraphClient, graph: Any, entra: Any, kit: Any, stored: list[str]
) -> None:
    stored_when_used: list[list[str]] = []

    def answer(seen: Any) -> Any:
        stored_when_used.append(list(stored))
        return kit.json({})

    entra.put(kit.token_path, kit.tokens("access-1", "refresh-1"))
    graph.put("/v1.0/organization/x", answer)
    client.get_object("organization/x")
    assert stored_when_used == [["refresh-1"]]


def test_a_token_that_cannot_be_stored_is_not_used(
    app: OAuthApp,
    graph: Any,
    entra: Any,
    kit: Any,
    transport: Transport,
    time: Any,
    connected: Callable[..., GraphClient],
) -> None:
    kept: list[str] = []

    def store(token: Secret) -> None:
        if not kept:
            kept.append("")
            raise OSError("disk full")
        kept.append(token.reveal())

    source = RefreshTokenSource(app, transport, Secret("refresh-0"), store=store, patience=time.patience())
    client = connected(graph, transport, time, tokens=source)
    entra.put(kit.token_path, kit.tokens("access-1", "refresh-1"), kit.tokens("access-2"))
    graph.put("/v1.0/organization/x", kit.json({}))
    with pytest.raises(OSError, match="disk full"):
        client.get_object("organization/x")
    assert graph.seen == []
    client.get_object("organization/x")
    assert entra.seen[1].form["refresh_token"] == "refresh-1"
    assert kept == ["", "refresh-1"]


def test_an_unchanged_refresh_token_is_not_stored_again(
    client: GraphClient, graph: Any, entra: Any, kit: Any, stored: list[str]
) -> None:
    entra.put(kit.token_path, kit.tokens("access-1", "refresh-0"))
    graph.put("/v1.0/organization/x", kit.json({}))
    client.get_object("organization/x")
    assert stored == []


def test_a_token_is_renewed_five_minutes_before_its_end(
    client: GraphClient, graph: Any, entra: Any, kit: Any, time: Any
) -> None:
    entra.put(kit.token_path, kit.tokens("access-1", "refresh-1"), kit.tokens("access-2", "refresh-2"))
    graph.put("/v1.0/organization/x", kit.json({}))
    for wait in (0, 3299, 2):
        time.seconds += wait
        client.get_object("organization/x")
    used = [seen.headers["authorization"] for seen in graph.seen]
    assert used == ["Bearer access-1", "Bearer access-1", "Bearer access-2"]
    assert [seen.form["refresh_token"] for seen in entra.seen] == ["refresh-0", "refresh-1"]


def test_a_token_of_one_minute_is_not_renewed_with_every_request(
    client: GraphClient, graph: Any, entra: Any, kit: Any, time: Any
) -> None:
    entra.put(kit.token_path, kit.tokens("access-1", expires_in=60))
    graph.put("/v1.0/organization/x", kit.json({}))
    for _ in range(5):
        client.get_object("organization/x")
    assert len(entra.seen) == 1


def test_a_refused_token_is_renewed_once_and_the_request_repeated(
    client: GraphClient, graph: Any, entra: Any, kit: Any, time: Any
) -> None:
    entra.put(kit.token_path, kit.tokens("access-1", "refresh-1"), kit.tokens("access-2", "refresh-2"))
    graph.put("/v1.0/organization/x", accepts(kit, "access-2"))
    assert client.get_object("organization/x") == b'{"id": "x"}'
    assert len(entra.seen) == 2
    assert time.slept == []


def test_a_second_refusal_is_final(client: GraphClient, graph: Any, entra: Any, kit: Any) -> None:
    entra.put(kit.token_path, kit.tokens("access-1"), kit.tokens("access-2"), kit.tokens("access-3"))
    graph.put("/v1.0/organization/x", accepts(kit))
    with pytest.raises(Unauthorized, match="not even a new one") as caught:
        client.get_object("organization/x")
    assert "Sign in again" in caught.value.remedy
    assert len(graph.seen) == 2
    assert len(entra.seen) == 2


def test_many_threads_renew_a_refused_token_once(
    client: GraphClient, graph: Any, entra: Any, kit: Any, stored: list[str]
) -> None:
    together = threading.Barrier(8)
    accept = accepts(kit, "access-2")

    def answer(seen: Any) -> Any:
        if seen.headers["authorization"] == "Bearer access-1":
            together.wait(60)  # all of them are refused the same token
        return accept(seen)

    entra.put(
        kit.token_path,
        kit.tokens("access-1", "refresh-1"),
        kit.tokens("access-2", "refresh-2"),
        kit.tokens("access-3", "refresh-3"),
    )
    graph._answers["/v1.0/organization/x"] = [answer]
    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(client.get_object, "organization/x") for _ in range(8)]
        assert {future.result() for future in done} == {b'{"id": "x"}'}
    assert stored == ["refresh-1", "refresh-2"]
    assert len(graph.seen) == 16


def test_many_threads_ask_for_the_first_token_once(
    client: GraphClient, graph: Any, entra: Any, kit: Any
) -> None:
    entra.put(kit.token_path, kit.tokens("access-1"))
    graph.put("/v1.0/organization/x", kit.json({}))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(client.get_object, ["organization/x"] * 16))
    assert len(entra.seen) == 1


def test_a_claims_challenge_is_passed_on_once(client: GraphClient, graph: Any, entra: Any, kit: Any) -> None:
    claims = json.dumps({"access_token": {"nbf": {"essential": True, "value": "1700000000"}}})
    encoded = base64.b64encode(claims.encode()).decode()
    challenge = kit.fault(
        401,
        "InvalidAuthenticationToken",
        WWW_Authenticate=f'Bearer realm="", error="insufficient_claims", claims="{encoded}"',
    )
    entra.put(kit.token_path, kit.tokens("access-1"), kit.tokens("access-2"))
    graph.put("/v1.0/organization/x", challenge, kit.json({}))
    client.get_object("organization/x")
    assert "claims" not in entra.seen[0].form
    assert entra.seen[1].form["claims"] == claims


def test_an_app_signs_in_anew_by_itself(
    app: OAuthApp,
    graph: Any,
    entra: Any,
    kit: Any,
    transport: Transport,
    time: Any,
    connected: Callable[..., GraphClient],
) -> None:
    source = ClientCredentialsSource(app, transport, ClientSecret(Secret("value")), patience=time.patience())
    client = connected(graph, transport, time, tokens=source)
    entra.put(kit.token_path, kit.tokens("access-1"), kit.tokens("access-2"))
    graph.put("/v1.0/organization/x", accepts(kit, "access-2"))
    client.get_object("organization/x")
    graph.put("/v1.0/users", kit.fault(403, "Authorization_RequestDenied"))
    with pytest.raises(Exception, match="does not allow") as caught:
        list(client.pages("users"))
    error: Any = caught.value
    assert (error.permission, error.role) == ("Directory.Read.All", None)
    assert "application permission" in error.remedy


def test_a_sign_in_that_ended_stops_the_request_at_once(
    client: GraphClient, graph: Any, entra: Any, kit: Any, time: Any
) -> None:
    entra.put(kit.token_path, kit.json({"error": "invalid_grant", "error_codes": [700082]}, 400))
    with pytest.raises(SignInError, match="90 days"):
        client.get_object("organization/x")
    assert graph.seen == []
    assert time.slept == []


def test_a_token_never_goes_to_another_port_of_the_same_host(
    client: GraphClient, graph: Any, entra: Any, kit: Any, start: Callable[..., Any]
) -> None:
    other = start()
    entra.put(kit.token_path, kit.tokens("access-1"))
    graph.put("/v1.0/reports/getX", kit.Answer(b"", 302, {"Location": f"{other.url}/data"}))
    other.put("/data", kit.Answer(b"<html></html>"))
    with pytest.raises(Exception, match="web page"):
        client.download("reports/getX", lambda: pytest.fail("no sink is opened"))
    assert other.seen
    assert all("authorization" not in seen.headers for seen in other.seen)
