"""100,000 users at 200 ms a page: how much longer than the server itself needs does an import take?

The server's own floor is measured in the same run: the very requests of the import, sent again by a bare
client with as many connections, which throws every answer away.
"""

from __future__ import annotations

import http.client
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

from benchmarks.measure import measure
from benchmarks.tenant import SEATBEACON, Tenant, tenant

USERS = 100_000
LATENCY_MS = 200
PARALLEL = 12
PAGE = 999


def run() -> None:
    """Print the wall time of an import, the server's floor, and what one serial chain would need."""
    with tempfile.TemporaryDirectory() as folder, tenant(USERS) as served:
        warm = served.connect(Path(folder) / "warm")
        measure([*SEATBEACON, "import", "run", "Bench"], env=warm)  # the server renders each page once
        env = served.connect(Path(folder) / "home")
        served.tell("latency", latency_ms=LATENCY_MS)
        served.tell("clear")
        usage = measure([*SEATBEACON, "import", "run", "Bench"], env=env)
        entries = served.requests(100_000)
        targets = [entry["target"] for entry in entries if entry["role"] == "graph"]
        seconds, answered = floor(served, targets)
        told = served.violations()
    serial = (USERS // PAGE + 1) * LATENCY_MS / 1000
    print(f"  import, {len(entries)} requests:    {usage}")
    print(f"  the server's own floor:  {seconds:6.2f} s wall for {answered} requests")
    print(f"  beyond the floor:        {usage.wall - seconds:6.2f} s  (to beat: 8 s)")
    print(f"  one serial chain of the users alone: {serial:.1f} s; violations: {len(told)}")


def floor(served: Tenant, targets: list[str]) -> tuple[float, int]:
    """Seconds that the same requests take a bare client, and how many of them were answered."""
    root = urlsplit(served.facts["graph"])
    work: SimpleQueue[str] = SimpleQueue()
    for target in targets:
        work.put(target)
    headers = {
        "Authorization": f"Bearer {served.facts['access_token']}",
        "ConsistencyLevel": "eventual",
        "Accept-Encoding": "gzip",
    }
    answered: list[int] = []

    def drain() -> None:
        connection = http.client.HTTPConnection(root.hostname or "", root.port)
        while True:
            try:
                target = work.get_nowait()
            except Empty:
                return
            connection.request("GET", target, headers=headers)
            connection.getresponse().read()
            answered.append(1)

    threads = [threading.Thread(target=drain) for _ in range(PARALLEL)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started, len(answered)
