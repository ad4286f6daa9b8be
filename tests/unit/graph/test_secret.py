"""A secret never prints."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatbeacon.graph.errors import GraphError
from seatbeacon.graph.messages import Request
from seatbeacon.graph.oauth import ClientSecret
from seatbeacon.graph.proxy import Proxy
from seatbeacon.graph.secret import MASK, Secret, mask

TEXT = "hunter2-hunter2"


@pytest.mark.parametrize(
    "show",
    [
        repr,
        str,
        "{}".format,
        "{:>40}".format,
        "{!r}".format,
        lambda secret: "%s" % secret,  # noqa: UP031 - the old form is what is tested
        lambda secret: f"{[secret]} { {'a': secret} }",
        lambda secret: repr(Request(url="https://a.example/", bearer=secret, form=secret)),
        lambda secret: repr(Proxy("http://a:1", "user", secret)),
        lambda secret: repr(ClientSecret(secret)),
    ],
)
def test_no_way_of_showing_it_shows_it(show: object) -> None:
    assert callable(show)
    shown = show(Secret(TEXT))
    assert TEXT not in shown
    assert MASK in shown


def test_a_traceback_and_a_log_do_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(TEXT)

    def fail(given: Secret) -> None:
        raise GraphError(f"Something with {given} failed", request=f"GET /x?{given}")

    with pytest.raises(GraphError) as caught:
        fail(secret)
    error = caught.value
    told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    with caplog.at_level(logging.ERROR):
        logging.getLogger("test").error("with %s and %r", secret, error, exc_info=error)
    assert TEXT not in told
    assert TEXT not in caplog.text


def test_it_is_not_serialised_by_accident() -> None:
    secret = Secret(TEXT)
    for attempt in (pickle.dumps, json.dumps, msgspec.json.encode, msgspec.to_builtins):
        with pytest.raises(TypeError):
            attempt(secret)


def test_it_does_not_change() -> None:
    secret = Secret(TEXT)
    with pytest.raises(AttributeError):
        secret._text = "other"
    assert not hasattr(secret, "__dict__")
    assert copy.deepcopy([secret])[0] is secret
    assert copy.copy(secret) is secret


def test_only_text_is_wrapped() -> None:
    with pytest.raises(TypeError):
        Secret(b"bytes")  # type: ignore[arg-type]


@given(st.text(), st.text())
def test_secrets_are_equal_as_their_texts_are(one: str, other: str) -> None:
    assert (Secret(one) == Secret(other)) == (one == other)
    assert hash(Secret(one)) == hash(Secret(one))
    assert bool(Secret(one)) == bool(one)
    assert Secret(one).reveal() == one
    assert Secret(one) != one


def test_others_words_are_masked() -> None:
    assert mask("a hunter b hunter", Secret("hunter"), None, Secret("")) == f"a {MASK} b {MASK}"
