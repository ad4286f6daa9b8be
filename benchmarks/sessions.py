"""Twenty people at once on the pages of a tenant of a million users, behind a real `seatbeacon serve`.

Each walks the pages in an order of its own: lists in every order, filtered, searched and grouped, users,
licenses, the overview. Once with two seconds, more or less, between an answer and the next click; and once
without any, so that twenty requests are always under way.
"""

from __future__ import annotations

import random
import statistics
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from benchmarks.big_inventory import big_inventory
from benchmarks.served import Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator

SESSIONS = 20
PAGES = 12  # that each of them opens
THINKING = 2.0  # seconds
_LISTS = ("users", "licenses", "holders", "assignments", "usage", "usage-matrix", "mailboxes", "onedrives")
_FILTERS = {
    "users": ("department=Sales", "account_kind=guest", "last_activity_date<=90d", "licenses=VISIOCLIENT"),
    "holders": ("sku_part_number=VISIOCLIENT", "department=Sales", "activity=never active"),
    "assignments": ("source=group", "department=Sales"),
    "usage": ("application=Copilot", "department=Sales"),
    "usage-matrix": ("department=Sales", "word<=90d"),
}


def run() -> None:
    """Print how long the pages took, and the memory of the process that serves them."""
    walks = [list(walk(seed)) for seed in range(2 * SESSIONS)]
    with served() as beacon:
        for address in ("/", *dict.fromkeys(urlsplit(each).path for each in walks[0])):
            _session(beacon).get(beacon.address + address)
        print(f"  {SESSIONS} sessions, {PAGES} pages each    p50 ms   p95 ms worst ms  pages/s")
        _line("thinking for 2 s", beacon, walks[:SESSIONS], THINKING)
        _line("without a pause", beacon, walks[SESSIONS:], 0)
        print(f"  memory of the process that serves them, at most: {beacon.peak_mib():,.0f} MiB")


def walk(seed: int) -> Iterator[str]:
    """The addresses that one person opens."""
    from seatbeacon.inventory import query  # noqa: PLC0415 - as the rest of the server, once it is known
    from seatbeacon.inventory.listings import LISTINGS  # noqa: PLC0415 - as above

    chance, file = random.Random(seed), big_inventory()  # noqa: S311 - a walk, not a secret
    for _ in range(PAGES):
        name = chance.choice(_LISTS)
        columns = [column for column in LISTINGS[name].columns if column.default_visible]
        match chance.randrange(10):
            case 0:
                yield "/"
            case 1 | 2:
                offset = chance.randrange(5_000)
                found = query.run(file, "users", columns=["id"], sort=["mail"], limit=1, offset=offset)
                yield f"/users/{next(found.rows)[0]}/"
            case 3:
                yield f"/inventory/{name}/?q=number{chance.randrange(1000)}"
            case 4 | 5 if name in _FILTERS:
                yield f"/inventory/{name}/?f={chance.choice(_FILTERS[name])}"
            case 6:
                groups = [column.key for column in columns if column.groupable] or ["department"]
                yield f"/inventory/{name}/?group={chance.choice(groups)}"
            case 7 | 8:
                yield f"/inventory/{name}/?sort={chance.choice('-|').strip('|')}{chance.choice(columns).key}"
            case _:
                yield f"/inventory/{name}/?page={chance.randrange(1, 20)}"


def _session(beacon: Served) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set(*beacon.cookie)
    return session


def _line(what: str, beacon: Served, walks: list[list[str]], thinking: float) -> None:
    taken: list[tuple[float, str]] = []

    def person(addresses: list[str], seed: int) -> None:
        session, chance = _session(beacon), random.Random(seed)  # noqa: S311 - as above
        time.sleep(chance.uniform(0, thinking))
        for address in addresses:
            started = time.perf_counter()
            answer = session.get(beacon.address + address)
            taken.append(((time.perf_counter() - started) * 1000, address))
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}.")
            time.sleep(chance.uniform(thinking / 2, thinking * 3 / 2))

    people = [threading.Thread(target=person, args=each) for each in zip(walks, range(99), strict=False)]
    started = time.perf_counter()
    for each in people:
        each.start()
    for each in people:
        each.join()
    seconds = time.perf_counter() - started
    times = [each for each, _ in sorted(taken)]
    p95, worst = times[int(len(times) * 0.95)], max(taken)
    told = f"{statistics.median(times):8.0f} {p95:8.0f} {worst[0]:8.0f} {len(times) / seconds:8.1f}"
    print(f"  {what:28} {told}  {worst[1]}", flush=True)
