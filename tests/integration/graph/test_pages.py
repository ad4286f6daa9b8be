"""Listings over a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.graph.errors import (
    ForeignNextLink,
    Malformed,
    NotFound,
    NotJson,
    NotSupported,
    PageTokenExpired,
    PermissionDenied,
    PremiumRequired,
    RepeatingNextLink,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.graph.client import GraphClient


def ids(client: GraphClient, path: str) -> list[bytes]:
    return [bytes(item) for page in client.pages(path) for item in page.items]


def test_pages_are_followed_to_the_end_over_an_empty_one(client: GraphClient, graph: Any, kit: Any) -> None:
    graph.put("/v1.0/users", kit.page("a", "b", link=f"{graph.url}/v1.0/users?$skiptoken=2", count=3))
    graph.put("/v1.0/users?$skiptoken=2", kit.page(link=f"{graph.url}/v1.0/users?$skiptoken=3"))
    graph.put("/v1.0/users?$skiptoken=3", kit.page("c"))
    pages = list(client.pages("users?$top=2", headers={"ConsistencyLevel": "eventual"}))
    assert [bytes(item) for page in pages for item in page.items] == [
        b'{"id": "a"}',
        b'{"id": "b"}',
        b'{"id": "c"}',
    ]
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.count for page in pages] == [3, None, None]
    assert all(page.wire_bytes > 0 for page in pages)
    assert [seen.headers["consistencylevel"] for seen in graph.seen] == ["eventual"] * 3
    assert {seen.headers["authorization"] for seen in graph.seen} == {"Bearer token-0"}
    assert {seen.headers["accept-encoding"] for seen in graph.seen} == {"gzip"}
    assert client.stats.requests == 3


def test_one_connection_serves_a_whole_chain(client: GraphClient, graph: Any, kit: Any) -> None:
    graph.put("/v1.0/users", kit.page("a", link=f"{graph.url}/v1.0/users?$skiptoken=2"))
    graph.put("/v1.0/users?$skiptoken=2", kit.page("b"))
    ids(client, "users")
    assert len({seen.connection for seen in graph.seen}) == 1


def test_one_connection_serves_chunked_answers_too(client: GraphClient, graph: Any, kit: Any) -> None:
    answer = kit.json({"id": "x" * 5000})
    answer.chunked = True
    graph.put("/v1.0/organization/x", answer)
    client.get_object("organization/x")
    client.get_object("organization/x")
    assert len({seen.connection for seen in graph.seen}) == 1


def test_a_next_link_to_another_host_is_not_followed(
    client: GraphClient, graph: Any, kit: Any, start: Callable[..., Any]
) -> None:
    elsewhere = start()
    graph.put("/v1.0/users", kit.page("a", link=f"{elsewhere.url}/v1.0/users?$skiptoken=2"))
    with pytest.raises(ForeignNextLink) as caught:
        ids(client, "users")
    assert elsewhere.seen == []
    assert elsewhere.url in str(caught.value)
    assert not caught.value.retryable


@pytest.mark.parametrize("disguise", ["{url}@evil.example/x", "//evil.example/x", "https:\\\\evil.example"])
def test_a_disguised_next_link_is_not_followed(
    client: GraphClient, graph: Any, kit: Any, disguise: str
) -> None:
    graph.put("/v1.0/users", kit.page("a", link=disguise.format(url=graph.url)))
    with pytest.raises(ForeignNextLink):
        ids(client, "users")
    assert len(graph.seen) == 1


def test_a_repeating_next_link_ends_the_chain(client: GraphClient, graph: Any, kit: Any) -> None:
    graph.put("/v1.0/users", kit.page("a", link=f"{graph.url}/v1.0/users?$skiptoken=2"))
    graph.put("/v1.0/users?$skiptoken=2", kit.page("b", link=f"{graph.url}/v1.0/users?$skiptoken=2"))
    with pytest.raises(RepeatingNextLink):
        ids(client, "users")
    assert len(graph.seen) == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((410, "resyncRequired"), PageTokenExpired),
        ((400, "Directory_ExpiredPageToken"), PageTokenExpired),
        ((404, "syncStateNotFound"), PageTokenExpired),
        ((404, "Request_ResourceNotFound"), NotFound),
        ((400, "Request_UnsupportedQuery"), NotSupported),
        ((501, "NotImplemented"), NotSupported),
        ((403, "Authorization_RequestDenied"), PermissionDenied),
        ((403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"), PremiumRequired),
    ],
)
def test_a_refusal_has_its_name(
    client: GraphClient, graph: Any, kit: Any, answer: tuple[int, str], kind: type[Exception]
) -> None:
    graph.put("/v1.0/users", kit.fault(*answer))
    with pytest.raises(kind) as caught:
        ids(client, "users")
    error: Any = caught.value
    assert error.code == answer[1]
    assert error.request == "GET /v1.0/users"
    assert error.request_id == "00000000-aaaa-4bbb-8ccc-000000000001"
    assert error.remedy
    assert len(graph.seen) == 1


def test_a_page_token_that_the_words_call_expired_is_known_too(
    client: GraphClient, graph: Any, kit: Any
) -> None:
    graph.put("/v1.0/users", kit.fault(400, "BadRequest", "The $skiptoken is not valid anymore."))
    with pytest.raises(PageTokenExpired):
        ids(client, "users")


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"<html><body>Log in</body></html>", NotJson, "proxy's login page"),
        (b'{"value": [{"id": "a"}', NotJson, "not valid JSON"),
        (b'{"value": [{"id": "\xff"}]}', NotJson, "not valid JSON"),
        (b"", NotJson, "is empty"),
        (b'{"id": "a"}', Malformed, "no page"),
        (b'{"value": ["a"]}', Malformed, "no object"),
    ],
)
def test_an_answer_that_is_no_page_is_asked_for_again_and_then_named(
    client: GraphClient, graph: Any, kit: Any, body: bytes, kind: type[Exception], words: str
) -> None:
    graph.put("/v1.0/users", kit.Answer(body))
    with pytest.raises(kind, match=words) as caught:
        ids(client, "users")
    assert "gave up after 4 attempts" in str(caught.value)
    assert len(graph.seen) == 4
    graph.put("/v1.0/users", kit.Answer(body), kit.page("a"))
    assert ids(client, "users") == [b'{"id": "a"}']


def test_a_redirect_instead_of_json_is_named_and_not_followed(
    client: GraphClient, graph: Any, kit: Any, start: Callable[..., Any]
) -> None:
    portal = start()
    graph.put("/v1.0/users", kit.Answer(b"", 302, {"Location": f"{portal.url}/login?token=abc"}))
    with pytest.raises(NotJson, match="redirect to") as caught:
        ids(client, "users")
    assert "abc" not in str(caught.value)
    assert portal.seen == []


def test_objects_and_counts_are_read(client: GraphClient, graph: Any, kit: Any) -> None:
    graph.put("/v1.0/admin/reportSettings", kit.json({"displayConcealedNames": True}))
    graph.put("/v1.0/users/$count", kit.Answer(b"\xef\xbb\xbf100000", headers={"Content-Type": "text/plain"}))
    assert client.get_object("/admin/reportSettings") == b'{"displayConcealedNames": true}'
    assert client.count("users/$count") == 100_000
    assert graph.seen[-1].headers["consistencylevel"] == "eventual"


def test_blanks_and_quotes_of_a_filter_arrive(client: GraphClient, graph: Any, kit: Any) -> None:
    graph.put("/v1.0/users", kit.page())
    list(client.pages("users?$filter=startswith(userPrincipalName,'a b#ü')&$count=true"))
    assert (
        graph.seen[0].path == "/v1.0/users?$filter=startswith(userPrincipalName,'a%20b%23%C3%BC')&$count=true"
    )


def test_a_part_counts_for_itself_and_for_the_whole(client: GraphClient, graph: Any, kit: Any) -> None:
    graph.put("/v1.0/users", kit.page("a"))
    part = client.part()
    ids(part, "users")
    ids(client, "users")
    assert (part.stats.requests, client.stats.requests) == (1, 2)
