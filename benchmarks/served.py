"""A tenant of a million users behind a real `seatbeacon serve`, and the session of somebody who may look."""

from __future__ import annotations

# ruff: noqa: PLC0415 - Django takes its settings from the environment once, when it is first imported
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import requests

from benchmarks.big_inventory import USERS, big_inventory, prepare_once
from benchmarks.tenant import SEATBEACON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

TENANT = "11111111-0000-4000-8000-000000000000"


@dataclass
class Served:
    """A beacon that runs: its address, the cookie that signs in, and its process."""

    address: str
    cookie: tuple[str, str]
    process: psutil.Process

    def peak_mib(self) -> float:
        """The most memory that the process of the pages has had, in MiB."""
        family = (self.process, *self.process.children(recursive=True))
        return max(_peak(each.pid) for each in family) / 1024


def _peak(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:  # noqa: PTH123 - a file of the system
        found = re.search(r"VmHWM:\s+(\d+)", status.read())
    return int(found[1]) if found else 0


@contextmanager
def home() -> Iterator[Path]:
    """The inventory's file, in a home of its own, which this process's environment names meanwhile.

    It is prepared, as a worker does after an import.
    """
    file = big_inventory()
    prepare_once(file)
    with tempfile.TemporaryDirectory() as folder:
        kept = dict(os.environ)
        os.environ |= {"SEATBEACON_HOME": folder, "SEATBEACON_INVENTORY": str(file.parent)}
        os.environ["DJANGO_SETTINGS_MODULE"] = "seatbeacon.web.django_settings"
        try:
            yield file
        finally:
            os.environ.clear()
            os.environ.update(kept)


@contextmanager
def served() -> Iterator[Served]:
    """Serve the pages of the million-user tenant on a free port."""
    with home() as file:
        # Django takes its settings once: in a process of its own, so that another home may follow.
        prepared = subprocess.run(
            [sys.executable, "-m", "benchmarks.served", str(file)], check=True, capture_output=True, text=True
        )
        name, value = prepared.stdout.split()[-2:]
        environ = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        command = [*SEATBEACON, "serve", "--no-worker", "--port", "0"]
        process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            found = next(filter(None, (re.search(r"is at (\S+)", line) for line in process.stdout)))
            _wait(found[1])
            yield Served(found[1], (name, value), psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(60)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            requests.get(f"{address}/healthz/live", timeout=60)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} does not answer.")


def signed_in(file: Path) -> Client:
    """The client of somebody who may look, in a home whose one tenant has `file` as its inventory."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    from seatbeacon.beacon.models import ImportRun, InventoryVersion, RunState, Tenant, Trigger
    from seatbeacon.beacon.settings import load_settings
    from seatbeacon.web.accounts.models import User
    from seatbeacon.web.start import prepare_tables

    settings.ALLOWED_HOSTS.append("testserver")
    prepare_tables(load_settings())
    now = datetime.now(UTC)
    tenant = Tenant.objects.create(id=TENANT, display_name="Million", created_at=now)
    counts = {"users": {"total": USERS}}  # so that pages know a large tenant, and do not wait for its rules
    run = ImportRun.objects.create(
        trigger=Trigger.CLI, state=RunState.SUCCEEDED, queued_at=now, counts=counts
    )
    InventoryVersion.objects.create(
        tenant=tenant, run=run, file=file.name, created_at=now, published_at=now, current=True
    )
    client = Client()
    person = User.objects.create(email="ada@contoso.example", name="Ada")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


if __name__ == "__main__":
    print(*next((k, v.value) for k, v in signed_in(Path(sys.argv[1])).cookies.items() if "session" in k))
