from __future__ import annotations

import errno

from seatbeacon.beacon.errors import NoSuchConnection
from seatbeacon.beacon.explain import explain
from seatbeacon.collection.package.errors import NotAPackage
from seatbeacon.graph.errors import SignInError


def test_our_own_refusals_are_their_own_words() -> None:
    explained = explain(NoSuchConnection("There is no connection “x”."))
    assert (explained.problem, explained.remedy, explained.foreseen) == (
        "There is no connection “x”.",
        "",
        True,
    )


def test_a_remedy_stands_once() -> None:
    explained = explain(NotAPackage("/x is not a package.", "Choose another folder."))
    assert explained.problem == "/x is not a package."
    assert explained.remedy == "Choose another folder."


def test_a_sign_in_that_failed_says_what_to_do() -> None:
    explained = explain(SignInError("The secret is wrong", remedy="Enter the value of the secret"))
    assert explained.problem == "The secret is wrong."
    assert explained.remedy == "Enter the value of the secret."


def test_a_full_disk_is_named() -> None:
    explained = explain(OSError(errno.ENOSPC, "No space left on device", "/srv/x"))
    assert explained.problem == "The disk is full (/srv/x)."
    assert explained.foreseen


def test_what_nobody_thought_of_is_told_by_its_type() -> None:
    explained = explain(KeyError("x"))
    assert explained.problem == "KeyError: 'x'"
    assert not explained.foreseen
