"""A listening socket that can be closed for a while and opened again at the same port."""

from __future__ import annotations

import contextlib
import socket
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from seatbeacon.simulator.wire import abort

if TYPE_CHECKING:
    from collections.abc import Callable

_BACKLOG = 512
_POLL = 0.2
"""Seconds after which an idle listener looks whether it shall end."""


class Listener:
    """Accepts connections at one port; each is served by a thread of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._stopping = Event()
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._refuse = Event()
        self._refuse_seconds = 0.0
        self._serve: Callable[[socket.socket, tuple[str, int]], None] | None = None
        self._socket = self._listen()
        self._address = self._socket.getsockname()[:2]
        self._thread = Thread(target=self._accept, daemon=True, name=f"simulator-{self.port}")

    @property
    def port(self) -> int:
        """The port it listens at."""
        return self._address[1]

    def start(self, serve: Callable[[socket.socket, tuple[str, int]], None]) -> None:
        """Begin to accept."""
        self._serve = serve
        self._thread.start()

    def refuse(self, seconds: float) -> None:
        """Refuse connections for so many seconds, and break those that are open."""
        with self._lock:
            self._refuse_seconds = seconds
            self._refuse.set()
            self._close()
            self._break_off()  # after the listener is closed, so that nobody gets in again at once

    def stop(self) -> None:
        """Stop accepting and end all connections."""
        self._stopping.set()
        with self._lock:
            self._break_off()
            self._close()
        if self._thread.is_alive():
            self._thread.join(5)

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()

    def _break_off(self) -> None:
        for connection in self._open:
            abort(connection)
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> socket.socket:
        listening = socket.socket(socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(self._address)
            listening.listen(_BACKLOG)
        except OSError:
            listening.close()
            raise
        listening.settimeout(_POLL)
        return listening

    def _accept(self) -> None:
        while not self._stopping.is_set():
            if self._refuse.is_set():
                self._stopping.wait(self._refuse_seconds)
                if self._stopping.is_set():
                    return
                with self._lock:
                    self._socket = self._listen()
                    self._refuse.clear()
            try:
                connection, address = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                if self._refuse.is_set():
                    continue
                return
            connection.settimeout(None)
            Thread(target=self._run, args=(connection, address[:2]), daemon=True).start()

    def _run(self, connection: socket.socket, address: tuple[str, int]) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            assert self._serve is not None  # noqa: S101 - set before the thread that accepts is started
            self._serve(connection, address)
        finally:
            with self._lock:
                self._open.discard(connection)
