"""Listens on this machine for the browser that comes back from a sign-in (RFC 8252 §7.3)."""

from __future__ import annotations

import queue
import socket
import threading
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from types import TracebackType

REPLY_SECONDS = 60.0
"""How long a browser is kept waiting for what became of its answer."""
READ_SECONDS = 10.0
"""How long a caller may take to say what it wants."""


@dataclass
class Heard:
    """A browser that came to the redirect URI: the whole `address` it asked for, and a `reply` to give."""

    address: str
    _replied: threading.Event = field(default_factory=threading.Event)
    _page: tuple[str, str] = ("Not signed in", "The command line has ended.")

    def reply(self, title: str, text: str) -> None:
        """Tell the person at the browser what became of it."""
        self._page = (title, text)
        self._replied.set()

    def page(self) -> tuple[str, str]:
        """Title and text, once there are some."""
        self._replied.wait(REPLY_SECONDS)
        return self._page


class Listener:
    """Listens where a loopback redirect URI points, at its port, or at any free one where it names none.

    `address` is the redirect URI with that port. Only this machine can connect. Use it as a context.
    """

    def __init__(self, redirect_uri: str) -> None:
        """Raises ClickException where the port is taken."""
        parts = urlsplit(redirect_uri)
        self._path = parts.path or "/"
        self._heard: queue.Queue[Heard] = queue.Queue()
        host = parts.hostname or "localhost"
        try:
            place = ("127.0.0.1" if host == "localhost" else host, parts.port or 0)
            self._server = (_Server6 if ":" in host else _Server)(place, self._handler())
        except OSError as error:
            message = f"Port {parts.port} of {redirect_uri} cannot be listened on: {error.strerror}."
            raise click.ClickException(message) from None
        shown = f"[{host}]" if ":" in host else host
        self._root = f"http://{shown}:{self._server.server_address[1]}"
        self.address = f"{self._root}{parts.path}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        while not self._heard.empty():
            self._heard.get().reply("Not signed in", "The command line has ended.")
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait(self, seconds: float) -> Heard | None:
        """The next browser that comes, or None where none does within `seconds`."""
        try:
            return self._heard.get(timeout=seconds)
        except queue.Empty:
            return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            timeout = READ_SECONDS

            def do_GET(self) -> None:
                """The redirect URI with an answer; any other address is none of ours."""
                parts = urlsplit(self.path)
                if parts.path != listener._path or not parts.query:
                    self._send(404, "Nothing here", "This address only waits for a sign-in.")
                    return
                heard = Heard(f"{listener._root}{self.path}")
                listener._heard.put(heard)
                self._send(200, *heard.page())

            def _send(self, status: int, title: str, text: str) -> None:
                body = (
                    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
                    f"<title>{escape(title)} - Seatbeacon</title></head>"
                    f"<body><h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>"
                ).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(body)

            def version_string(self) -> str:
                return "Seatbeacon"

            def log_message(self, *_: Any) -> None:
                """Nothing: a request line holds the code."""

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Another program must not be able to listen at the same port beside us.
    allow_reuse_address = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a browser that goes away while it is answered is no matter."""


class _Server6(_Server):
    address_family = socket.AF_INET6
