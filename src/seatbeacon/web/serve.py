"""`seatbeacon serve`: the pages on Granian, and a worker beside them that ends with them."""

# ruff: noqa: PLC0415 - Django is imported once its settings are known

from __future__ import annotations

import multiprocessing
import socket
import sys
import threading
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import BeaconError
from seatbeacon.web.start import SETTINGS_MODULE, start
from seatbeacon.web.worker_process import WorkerProcess

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings

THREADS = 8
"""How many requests are answered at once. Others wait for their turn: with twice as many, two cores answer a
fifth fewer pages a second."""

STOP_SECONDS = 10
"""How long a request may go on once the process was told to stop."""


class CannotListen(BeaconError):  # noqa: N818 - an error is named for what happened
    """The address or port cannot be listened on."""


def serve(host: str = "127.0.0.1", port: int = 8365, *, worker: bool = True) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit status. Port 0 takes any free one.

    Brings the tables up to date, and prints the address, and at the first start a one-time link for the first
    administrator. Raises BeaconError where the home or the address cannot be used.
    """
    settings = start()
    from granian.constants import Interfaces
    from granian.server import Server

    from seatbeacon.beacon.worker.keeper import Keeper

    port = free_port(host, port)
    # A fork would hold the pipe that tells the worker of our death, and threads do not survive one.
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        f"{SETTINGS_MODULE.rpartition('.')[0]}.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        websockets=False,
        log_enabled=False,
    )
    helper = WorkerProcess() if worker else None
    ending = threading.Event()

    def announce() -> None:
        for line in greeting(settings, host, port):
            sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
        if helper is not None:
            helper.start()
        # Where all workers died, people still see what became of their imports.
        threading.Thread(target=Keeper(settings).run, args=(ending,), name="keeper", daemon=True).start()

    server.on_startup(announce)
    try:
        server.serve()
    finally:
        ending.set()
        if helper is not None:
            helper.stop()
    return 0


def greeting(settings: Settings, host: str, port: int) -> list[str]:
    """What is printed once the pages can be reached. At the first start it holds the one-time link."""
    from django.urls import reverse

    from seatbeacon.web.accounts.services import first_administrator_link

    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 - compared only
    address = settings.base_url or f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    lines = [f"Seatbeacon is at {address}"]
    token = first_administrator_link()
    if token is not None:
        lines += [
            "Nobody has an account yet. Make the first administrator's with this link,",
            "which works once and for 24 hours:",
            f"  {address}{reverse('welcome', args=[token])}",
        ]
    return lines


def free_port(host: str, port: int) -> int:
    """`port`, or a free one for 0. Raises CannotListen where somebody listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            found: int = probe.getsockname()[1]
    except OSError as error:
        message = f"{host}, port {port} cannot be listened on: {error.strerror}. Choose another with --port."
        raise CannotListen(message) from error
    return found
