"""Generate…: by pasting, through our own callback address, and everything that can go wrong on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.models import Connection, SecretField
from seatbeacon.beacon.secrets.store import stored_at
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

BEGIN = "/inventory-systems/new/authorize/"
CALLBACK = "http://localhost/connections/authorize/callback"


def begin(client: Client, fields: dict[str, str]) -> str:
    return client.post(BEGIN, fields).content.decode()


def query(address: str) -> str:
    return "/connections/authorize/callback?" + address.partition("?")[2]


def test_a_pasted_address_fills_the_field_and_save_keeps_it(
    administrator: Client, saved: Callable[..., int]
) -> None:
    connection = Connection.objects.get(pk=saved())
    assert SecretField.REFRESH_TOKEN in stored_at(connection)
    page = administrator.get(f"/inventory-systems/{connection.pk}/edit/").content.decode()
    assert "Stored – Generate… replaces it" in page
    assert "Rita Reader" in page
    assert "<code>Directory.Read.All</code>" in page
    assert "It dies on" in page


def test_the_callback_fills_the_field_of_the_form_that_waits(
    administrator: Client,
    typed: Callable[..., dict[str, str]],
    walk: Callable[..., str],
    url_of: Callable[[str], str],
    handle_of: Callable[[str], str],
) -> None:
    begun = begin(administrator, typed(redirect_uri=CALLBACK))
    assert "The window closes by itself" in begun
    waiting = administrator.get(f"/connections/authorize/{handle_of(begun)}/")
    assert "Waiting for the sign-in" in waiting.content.decode()
    answer = administrator.get(query(walk(url_of(begun))))
    assert "Signed in" in answer.content.decode()
    assert answer["Cross-Origin-Opener-Policy"] == "unsafe-none"
    body = answer.content.decode().lower().partition("<body>")[2]
    assert body
    assert "refresh" not in body.replace("refresh token", "")
    filled = administrator.get(f"/connections/authorize/{handle_of(begun)}/")
    assert "Generated – save to keep it" in filled.content.decode()
    assert filled["HX-Trigger-After-Settle"] == "authorized"


def test_a_callback_counts_once(
    administrator: Client,
    typed: Callable[..., dict[str, str]],
    walk: Callable[..., str],
    url_of: Callable[[str], str],
) -> None:
    address = query(walk(url_of(begin(administrator, typed(redirect_uri=CALLBACK)))))
    assert "Signed in" in administrator.get(address).content.decode()
    again = administrator.get(address).content.decode()
    assert "Not signed in" in again
    assert "answered already" in again


def test_a_state_of_another_session_is_refused_and_the_sign_in_stays_open(
    administrator: Client,
    make_user: Callable[..., object],
    typed: Callable[..., dict[str, str]],
    walk: Callable[..., str],
    url_of: Callable[[str], str],
) -> None:
    from django.test import Client as Browser  # noqa: PLC0415 - the name is taken by the annotation

    other = Browser()
    other.force_login(
        make_user(Role.ADMINISTRATOR, "eve@example.com"),  # type: ignore[arg-type] # a User
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    address = query(walk(url_of(begin(administrator, typed(redirect_uri=CALLBACK)))))
    assert "Not signed in" in other.get(address).content.decode()
    assert "Signed in" in administrator.get(address).content.decode()


def test_a_handle_of_another_session_shows_nothing(
    administrator: Client,
    make_user: Callable[..., object],
    generate: Callable[..., str],
    typed: Callable[..., dict[str, str]],
) -> None:
    from django.test import Client as Browser  # noqa: PLC0415 - the name is taken by the annotation

    handle = generate()
    other = Browser()
    other.force_login(
        make_user(Role.ADMINISTRATOR, "eve@example.com"),  # type: ignore[arg-type] # a User
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert "Rita" not in other.get(f"/connections/authorize/{handle}/").content.decode()
    answer = other.post("/inventory-systems/new/", typed() | {"authorization": handle})
    assert answer.status_code == 400
    assert not Connection.objects.exists()


def test_a_declined_sign_in_says_so_and_leaves_the_form_as_it_was(
    administrator: Client,
    typed: Callable[..., dict[str, str]],
    walk: Callable[..., str],
    url_of: Callable[[str], str],
    handle_of: Callable[[str], str],
) -> None:
    begun = begin(administrator, typed(redirect_uri=CALLBACK))
    page = administrator.get(query(walk(url_of(begun), decline=True))).content.decode()
    assert "Not signed in" in page
    assert "declined" in page.lower()
    status = administrator.get(f"/connections/authorize/{handle_of(begun)}/").content.decode()
    assert "declined" in status.lower()
    assert "The form is as it was." in status


def test_missing_consent_is_told_in_words(
    administrator: Client,
    typed: Callable[..., dict[str, str]],
    walk: Callable[..., str],
    url_of: Callable[[str], str],
    handle_of: Callable[[str], str],
) -> None:
    begun = begin(administrator, typed())
    # Somebody who may not consent; and nobody did for them.
    address = walk(url_of(begun), account="ordinary")
    answer = administrator.post(f"/connections/authorize/{handle_of(begun)}/paste/", {"address": address})
    assert "admin" in answer.content.decode().lower()
    assert "Generated" not in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "Nothing was pasted"),
        ("hello", "not the address of a page"),
        ("javascript:alert(1)", "not the address of a page"),
        ("https://elsewhere.example/?code=abc&state=x", "belongs to another sign-in"),
        ("{redirect}?code=abc&state=x", "belongs to another sign-in"),
        ("{redirect}?code=abc#state=x", "part after “#”"),
        ("{redirect}", "there is no code in it"),
        ("https://x.example/?code=" + "a" * 1_000_000, "no answer of a sign-in is that long"),
        ("<script>alert(1)</script>", "not the address of a page"),
    ],
)
def test_a_pasted_address_that_is_wrong_says_how(
    administrator: Client,
    typed: Callable[..., dict[str, str]],
    handle_of: Callable[[str], str],
    address: str,
    told: str,
) -> None:
    fields = typed()
    begun = begin(administrator, fields)
    pasted = {"address": address.replace("{redirect}", fields["redirect_uri"])}
    answer = administrator.post(f"/connections/authorize/{handle_of(begun)}/paste/", pasted)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert told in page
    assert "<script>alert" not in page
    assert "authorized" not in answer.headers.get("HX-Trigger-After-Settle", "")


def test_generate_refuses_a_form_that_is_not_whole_and_opens_nothing(
    administrator: Client, typed: Callable[..., dict[str, str]]
) -> None:
    answer = administrator.post(BEGIN, typed(client_id="no"), headers={"HX-Request": "true"})
    assert answer["HX-Trigger-After-Settle"] == "generate-refused"
    assert answer["HX-Reswap"] == "none"
    assert "data-authorize" not in answer.content.decode()


def test_generate_needs_no_name_yet(administrator: Client, typed: Callable[..., dict[str, str]]) -> None:
    assert "data-authorize" in begin(administrator, typed(name=""))


def test_the_sign_in_asks_for_what_is_documented(
    administrator: Client, typed: Callable[..., dict[str, str]], url_of: Callable[[str], str]
) -> None:
    url = url_of(begin(administrator, typed()))
    for part in ("prompt=select_account", "code_challenge_method=S256", "state=", "Directory.Read.All"):
        assert part in url
    assert "Reports.Read.All" in url
    assert "offline_access" in url


def test_a_device_code_is_shown_and_asked_for(
    administrator: Client, typed: Callable[..., dict[str, str]]
) -> None:
    page = begin(administrator, typed(flow="device-code"))
    assert "Sign in with a code" in page
    assert 'id="device-code"' in page
