"""Every list page of a tenant of a million users, whole: from the request to the last byte of HTML.

Django's test client asks, so no network is in it; the rest of the server is. Each question is asked once on
a warm process, so no answer is one that was kept (see `questions` for what is asked, `listings` for the
queries behind it): of the last import, as of a day told from history (*then*), and of that day once a worker
has put it together. `SEATBEACON_BENCHMARK_LISTINGS` names the lists, where not all are wanted; with
`SEATBEACON_BENCHMARK_EVERY` of 4, every fourth question is asked.
"""

from __future__ import annotations

# ruff: noqa: PLC0415 - Django takes its settings from the environment once, when it is first imported
import os
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from benchmarks.big_inventory import forget_day, make_day_once
from benchmarks.served import home, signed_in

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

_AIM = 150.0  # ms of CPU, which other work on the machine does not change
_TOLD = 80  # slow questions named, at most


def run() -> None:
    """Print how long pages take, how heavy they are, and what took longer than it should."""
    with home() as file:
        measure(file, signed_in(file))


def measure(file: Path, client: Client) -> None:
    """Ask each list everything."""
    from benchmarks import questions
    from benchmarks.listings import Times
    from seatbeacon.inventory.listings import LISTINGS
    from seatbeacon.inventory.remembered import forget_all
    from seatbeacon.web.pages.inventory.sight import list_address

    print(f"  {'list pages of 50':24} {'asked':>4} {'p50 ms':>8} {'p95 ms':>8} {'worst ms':>8}")
    names = os.environ.get("SEATBEACON_BENCHMARK_LISTINGS", ",".join(LISTINGS)).split(",")
    every_nth = int(os.environ.get("SEATBEACON_BENCHMARK_EVERY", "1"))
    everything, weights = Times(), list[int]()
    day = date.fromisoformat(questions.MONTHS_AGO)
    for told, ask in (("", questions.now), (" then", questions.then), (" that day", questions.then)):
        every = Times()
        if told == " then":
            forget_day(file, day)  # told from history, as on the first visits
        if told == " that day":
            make_day_once(file, day)  # as a worker does where somebody looks at it
        for name in names:
            here, listing, times = list_address(name), LISTINGS[name], Times()
            asked = list(dict.fromkeys(ask(file, listing)))[::every_nth]
            if not asked:
                continue
            forget_all()
            client.get(here)
            for query in asked:
                what = f"{name}?{unquote_plus(query)[:150]}"
                times.measure(what, partial(_ask, client, f"{here}?{query}", weights))
            print(f"{times.line(f'{name}{told}')}\n  {'':24} {times.of_cpu()}", flush=True)
            every.add(times)
        if every.taken:
            print(every.line(f"all{told}"), flush=True)
            print(f"  {'':24} {every.of_cpu()}")
        everything.add(every)
    print(everything.line("all questions"))
    print(f"  heaviest page: {max(weights) / 1000:,.0f} kB of HTML")
    found = zip(everything.cpu, everything.taken, strict=True)
    slow = sorted(((cpu, taken, what) for cpu, (taken, what) in found if cpu > _AIM), reverse=True)
    print(f"  over {_AIM:.0f} ms of CPU: {len(slow)} of {len(everything.taken)}; ms of CPU, of wall time:")
    for cpu, taken, what in slow[:_TOLD]:
        print(f"  {cpu:8.0f} {taken:8.0f}  {what}")


def _ask(client: Client, address: str, weights: list[int]) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, address
    weights.append(len(answer.content))
