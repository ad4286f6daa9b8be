"""A whole tenant through an authenticating squid, by the command line, whatever the environment says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.real_parts.conftest import CommandLine
    from tests.real_parts.proxy.conftest import Squid, Trap

    from seatbeacon.simulator.server import Simulator

LISTINGS = ("users", "licenses", "assignments", "applications", "usage")
ROLES = {"login", "graph", "download"}


def _listings(seatbeacon: CommandLine) -> dict[str, list[dict[str, Any]]]:
    found = {listing: seatbeacon.rows(listing) for listing in LISTINGS}
    assert all(found.values())
    return found


def _path(target: str) -> str:
    return target.partition("?")[0]


def test_everything_goes_through_the_proxy_and_the_listings_are_the_same(
    simulator: Simulator,
    squid: Squid,
    new_home: Callable[[str], CommandLine],
    connect: Callable[..., None],
    hostile: dict[str, str],
    trap: Trap,
) -> None:
    direct = new_home("direct")
    connect(direct)
    direct("import", "run", "Contoso")
    simulator.journal.clear()

    proxied = new_home("proxied")
    proxied.environ |= hostile
    connect(proxied, proxy=squid.address, user=squid.user, password=squid.password)
    proxied("connection", "test", "Contoso")
    proxied("import", "run", "Contoso")

    assert trap.is_untouched()
    assert _listings(proxied) == _listings(direct)
    entries = simulator.journal.entries
    assert {entry.role for entry in entries} == ROLES
    assert all("squid.test" in entry.headers.get("via", "") for entry in entries)
    roots = {role: getattr(simulator, f"{role}_root") for role in ROLES}
    asked = [(entry.method, roots[entry.role] + _path(entry.target), entry.status) for entry in entries]
    lines = squid.lines()
    assert sorted((line.method, _path(line.target), line.status) for line in lines) == sorted(asked)
    assert {line.user for line in lines} == {squid.user}
    # What .netrc holds was sent nowhere: only Graph gets an Authorization, and it is the token.
    assert {entry.role for entry in entries if entry.authorized} == {"graph"}
    assert simulator.violations == []
    assert squid.password not in str(entries) + str(lines)


def test_without_a_proxy_an_environment_cannot_bring_one(
    simulator: Simulator,
    new_home: Callable[[str], CommandLine],
    connect: Callable[..., None],
    hostile: dict[str, str],
    trap: Trap,
) -> None:
    seatbeacon = new_home("home")
    seatbeacon.environ |= {name: value for name, value in hostile.items() if name.upper() != "NO_PROXY"}
    connect(seatbeacon)
    seatbeacon("import", "run", "Contoso")
    assert trap.is_untouched()
    assert len(seatbeacon.rows("users")) == simulator.options.users
    assert not any("via" in entry.headers for entry in simulator.journal.entries)
