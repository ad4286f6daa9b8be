"""Refresh tokens change with each use, and the provider ends the sign-in when an old one comes back."""

from __future__ import annotations

import base64
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.faults.workers.postgres import Postgres

from seatbeacon.graph.errors import SignInError
from seatbeacon.graph.oauth import RefreshTokenSource, begin_authorization, redeem_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.real_parts.conftest import CommandLine
    from tests.real_parts.openid.provider import Provider

    from seatbeacon.graph.secret import Secret
    from seatbeacon.graph.transport import Transport

SCRIPT = Path(__file__).with_name("renewing.py")
TIMES = 20
KILLS = 8


def _digest(token: Secret) -> str:
    return sha256(token.reveal().encode()).hexdigest()


def _signed_in(provider: Provider, transport: Transport) -> Secret:
    app = provider.app()
    pending = begin_authorization(app, prompt="select_account consent")
    tokens = redeem_code(app, transport, pending, provider.browse(pending.url)[-1])
    assert tokens.refresh_token is not None
    return tokens.refresh_token


@pytest.fixture
def seatbeacon(
    provider: Provider, transport: Transport, new_home: Callable[[str], CommandLine]
) -> CommandLine:
    """A home with the connection “Contoso”, somebody signed in for it."""
    made = new_home("home")
    _connect(made, provider, transport)
    return made


def _connect(seatbeacon: CommandLine, provider: Provider, transport: Transport) -> None:
    endpoints = ["--token-endpoint", provider.token_endpoint, "--client-id", provider.public_client]
    token = _signed_in(provider, transport).reveal()
    seatbeacon("connection", "add", "Contoso", *endpoints, "--refresh-token-file", "-", text=token)


def _start(seatbeacon: CommandLine, times: int, how: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, str(SCRIPT), "Contoso", str(times), *([how] if how else [])],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=seatbeacon.environment,
    )


def _run(seatbeacon: CommandLine, times: int, how: str = "") -> tuple[int, list[str]]:
    """Exit status, and the lines it printed, the first with the digest of the stored refresh token."""
    process = _start(seatbeacon, times, how)
    told = process.communicate()[0].splitlines()
    assert told[0].startswith("stored "), told
    return process.returncode, [told[0].removeprefix("stored "), *told[1:]]


def test_each_renewal_stores_the_new_token_before_it_hands_out_the_access_token(
    provider: Provider, transport: Transport
) -> None:
    stored: list[Secret] = []
    source = RefreshTokenSource(
        provider.app(), transport, _signed_in(provider, transport), store=stored.append
    )
    token = source.token()
    for number in range(1, 5):
        assert [_digest(one) for one in stored] == provider.journal()["issued"][1:]
        assert len(stored) == number
        token = source.renew(token)
    assert provider.journal()["revoked"] == 0


def test_threads_that_share_a_source_renew_once(provider: Provider, transport: Transport) -> None:
    stored: list[Secret] = []
    source = RefreshTokenSource(
        provider.app(), transport, _signed_in(provider, transport), store=stored.append
    )
    rejected = source.token()
    with ThreadPoolExecutor(8) as threads:
        renewed = list(threads.map(source.renew, [rejected] * 8))
    assert len({one.reveal() for one in renewed}) == 1
    assert len(stored) == 2


def test_an_old_token_used_again_ends_the_sign_in_and_says_to_sign_in_again(
    provider: Provider, transport: Transport
) -> None:
    old = _signed_in(provider, transport)
    mine = RefreshTokenSource(provider.app(), transport, old, store=lambda _: None)
    good = mine.token()
    thief = RefreshTokenSource(provider.app(), transport, old, store=lambda _: None)
    with pytest.raises(SignInError) as refused:
        thief.token()
    assert provider.journal()["revoked"] == 1
    # The provider cannot know which of the two is the thief: the newest token is dead as well.
    with pytest.raises(SignInError) as ended:
        mine.renew(good)
    for error in (refused.value, ended.value):
        assert error.error == "invalid_grant"
        assert not error.retryable
        assert "sign in again" in f"{error} {error.remedy}".lower()
        assert old.reveal() not in str(error) + repr(error)


def test_two_processes_renew_one_connection_at_once_and_no_token_is_used_twice(
    provider: Provider, seatbeacon: CommandLine
) -> None:
    both = [_start(seatbeacon, TIMES) for _ in range(2)]
    for process, told in [(one, one.communicate()[0]) for one in both]:
        assert process.returncode == 0, told
        assert told.count("used") == TIMES
    journal = provider.journal()
    assert len(set(journal["issued"])) == len(journal["issued"]) == 1 + 2 * (TIMES + 1)
    assert journal["refused"] == []
    assert journal["revoked"] == 0


def test_two_machines_renew_one_connection_at_once_and_no_token_is_used_twice(
    provider: Provider, transport: Transport, new_home: Callable[[str], CommandLine]
) -> None:
    with Postgres() as postgres:
        # Nothing but the database and the keys is common to them: a lock on a file keeps neither waiting.
        machines = [new_home("one"), new_home("other")]
        for machine in machines:
            key = base64.b64encode(b"k" * 32).decode()
            machine.environ |= {"DATABASE_URL": postgres.url, "SEATBEACON_SECRET_KEYS": key}
        _connect(machines[0], provider, transport)
        both = [_start(machine, TIMES) for machine in machines]
        for process, told in [(one, one.communicate()[0]) for one in both]:
            assert process.returncode == 0, told
            assert told.count("used") == TIMES
    journal = provider.journal()
    assert len(set(journal["issued"])) == len(journal["issued"]) == 1 + 2 * (TIMES + 1)
    assert journal["refused"] == []
    assert journal["revoked"] == 0


def test_two_threads_with_sources_of_their_own_never_use_a_token_twice(
    provider: Provider, seatbeacon: CommandLine
) -> None:
    status, told = _run(seatbeacon, TIMES, "threads")
    assert status == 0, told
    journal = provider.journal()
    assert len(journal["issued"]) == 1 + 2 * (TIMES + 1)
    assert journal["refused"] == []
    assert journal["revoked"] == 0


def test_a_kill_between_storing_a_token_and_using_it_loses_nothing(
    provider: Provider, seatbeacon: CommandLine
) -> None:
    for _ in range(3):
        status, _told = _run(seatbeacon, 1, "die")
        assert status == -signal.SIGKILL
    issued = provider.journal()["issued"]
    assert len(issued) == 4
    status, told = _run(seatbeacon, 3)
    assert (status, told[0]) == (0, issued[-1])
    assert provider.journal()["revoked"] == 0


def test_a_kill_while_the_access_token_is_used_loses_nothing(
    provider: Provider, seatbeacon: CommandLine
) -> None:
    provider.hold()
    process = _start(seatbeacon, 1)
    provider.held()
    process.kill()
    process.communicate()
    issued = provider.journal()["issued"]
    status, told = _run(seatbeacon, 3)
    assert (status, told[0]) == (0, issued[-1])
    assert provider.journal()["revoked"] == 0


def test_kills_at_any_moment_never_make_it_use_an_old_token_but_one_that_never_arrived(
    provider: Provider, transport: Transport, seatbeacon: CommandLine
) -> None:
    dice = random.Random(3)  # noqa: S311 - moments, not secrets
    survived = 0
    for _ in range(KILLS):
        process = _start(seatbeacon, 10_000)
        assert process.stdout is not None
        for _ in range(dice.randint(1, 6)):
            process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(dice.uniform(0.0, 0.03))
        process.kill()
        process.communicate()
        status, told = _run(seatbeacon, 1)
        issued = provider.journal()["issued"]
        if status == 0:
            # Two renewals, from the newest token on.
            assert told[0] == issued[-3]
            survived += 1
            continue
        # The provider had given a new token that did not come as far as the database. No client can know of
        # it; what is left is to say so.
        assert told[0] == issued[-2]
        assert "sign in again" in told[1].lower()
        token = _signed_in(provider, transport).reveal()
        seatbeacon("connection", "edit", "Contoso", "--refresh-token-file", "-", text=token)
    journal = provider.journal()
    # A kill in the middle of a request is refused as aborted, and changes nothing.
    reused = [one for one in journal["refused"] if "aborted" not in one]
    assert reused == ["invalid_grant: refresh token already used"] * (KILLS - survived)
    assert journal["revoked"] == len(reused)
    assert survived, "every kill fell between the provider and the database"
