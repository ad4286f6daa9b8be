"""One Django for all tests of a process: the pages' settings, which hold everything the beacon's do.

After all tests, what they left on the disk, the pages they got and what they wrote is searched for the
secrets that they used: one that is found fails the run. Each process of the run searches what is its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.secret_search import FOUND, MARKS, Search, search_before_it_goes

if TYPE_CHECKING:
    from collections.abc import Iterator

# Before anything sets Django up. The home is one that no test writes to; each test makes its own.
_home = tempfile.mkdtemp(prefix="seatbeacon-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("SEATBEACON_")] + ["DATABASE_URL"]:
    os.environ.pop(_name, None)
os.environ["SEATBEACON_HOME"] = _home
os.environ["DJANGO_SETTINGS_MODULE"] = "seatbeacon.web.django_settings"
# Playwright keeps an event loop running in the thread of the tests; Django takes what follows for
# asynchronous code, of which there is none.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

_searched: dict[str, list[str]] = {}
"""What each process of the run found, by its name."""


@pytest.fixture(scope="session", autouse=True)
def _search_pages() -> Iterator[None]:
    """Search every page that a test's client gets."""
    from django.test import Client  # noqa: PLC0415 - its settings are known by now

    get = Client.request

    def request(self: Client, **asked: Any) -> Any:
        answer = get(self, **asked)
        if not answer.streaming:
            told = f"{answer.headers}\n".encode() + answer.content
            FOUND.extend(Search(MARKS).text(f"{asked.get('REQUEST_METHOD')} {asked.get('PATH_INFO')}", told))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Search what a test wrote to its output and its logs."""
    # The last report of a test holds all that was written since its first.
    for name, told in report.sections if report.when == "teardown" else ():
        FOUND.extend(Search(MARKS).text(f"{name} of {report.nodeid}", told))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: many tests wait for a browser, a server or a worker, and leave
    theirs idle meanwhile."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process of the run is over, and tells what it found. Without a word from it nothing is known."""
    told = getattr(node, "workeroutput", {}).get("secrets")
    _searched[node.gateway.id] = ["did not search for secrets"] if told is None else told


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Search what the tests left, once their fixtures are gone."""
    yield
    config = session.config
    if not hasattr(config, "workerinput") and _searched:
        # The processes that ran the tests have searched.
        pass
    else:
        factory: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined] # no other way to it
        search_before_it_goes(factory.getbasetemp())
        search_before_it_goes(Path(_home))
        _searched["this process"] = FOUND
        if hasattr(config, "workeroutput"):
            config.workeroutput["secrets"] = FOUND
    if any(_searched.values()) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say where secrets were found."""
    lines = [f"{name}: {line}" for name, found in _searched.items() for line in found]
    if lines:
        terminalreporter.section("secrets were found", red=True)
        terminalreporter.write("\n".join(lines) + "\n")
    elif _searched:
        terminalreporter.write_line(f"no secret was found in what {len(_searched)} processes left behind")
