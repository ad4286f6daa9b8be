"""One connection: reads requests off the socket, writes replies, and breaks off where a fault says so."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import time
import zlib
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Protocol

from seatbeacon.simulator.misbehave import body_of
from seatbeacon.simulator.reply import Reply, Request, request_of
from seatbeacon.simulator.spill import pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from threading import Event

    from seatbeacon.simulator.faults import Fault

_SMALL = 1200
"""Bodies below this many bytes are not worth packing."""
_BLOCK = 1 << 16
_CUT = ("reset", "truncated", "truncated-gzip", "truncated-chunked")


class Served(Protocol):
    """What answers the requests of a connection."""

    stopping: Event

    def serve(self, request: Request) -> tuple[Reply, Fault | None]:
        """The reply, and a fault of the connection to play out with it."""
        ...

    def answered(self, request: Request, status: int, size: int, fault: Fault | None) -> None:
        """Note what was sent; status 0 where the connection was broken."""
        ...

    def refuse(self, role: str, seconds: float) -> None:
        """Close the listener of a role for a while."""
        ...


def abort(connection: socket.socket) -> None:
    """End a connection with a reset instead of a farewell."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class _Handler(BaseHTTPRequestHandler):
    served: Served
    role: str
    protocol_version = "HTTP/1.1"
    server_version = "SeatbeaconSimulator"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 1 << 18

    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def finish(self) -> None:
        # What could not be sent raises once more where it is closed; the socket is to be closed all the same.
        with contextlib.closing(self.rfile), contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
        """Say nothing: the journal keeps what is of interest."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length) if length else b""
        request = request_of(self.role, self.command, self.path, headers, body)
        reply, fault = self.served.serve(request)
        try:
            size = self._deliver(request, reply, fault)
        except OSError:
            self.close_connection = True
            size = 0
        broken = fault is not None and fault.kind in ("refused", "stall", "reset")
        self.served.answered(request, 0 if broken else reply.status, size, fault)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve  # noqa: N815 - the base class's names

    def _deliver(self, request: Request, reply: Reply, fault: Fault | None) -> int:
        kind = fault.kind if fault else ""
        if fault and kind in ("stall", "slow"):
            self.served.stopping.wait(fault.seconds or 3600)
        if fault and kind in ("refused", "stall"):
            self.close_connection = True
            if kind == "refused":
                abort(self.connection)
                self.served.refuse(self.role, fault.seconds)
            return 0
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        if reply.stored is not None and kind not in _CUT:
            return self._stream(reply, zipped=zipped, head_only=request.method == "HEAD")
        body, encoded = _encode(reply, zipped=zipped)
        self._head(reply, encoding="gzip" if encoded else None)
        if fault and kind in _CUT:
            return self._cut(body, fault)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if request.method != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()
        return len(body)

    def _head(self, reply: Reply, *, encoding: str | None) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Type", reply.content_type)
        if encoding:
            self.send_header("Content-Encoding", encoding)
            self.send_header("Vary", "Accept-Encoding")

    def _cut(self, body: bytes, fault: Fault) -> int:
        sent = body[: int(len(body) * fault.share)]
        self.close_connection = fault.kind != "truncated-gzip"
        if fault.kind == "truncated-chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(f"{len(sent):x}\r\n".encode() + sent + b"\r\n" if sent else b"")
        else:
            self.send_header(
                "Content-Length", str(len(sent) if fault.kind == "truncated-gzip" else len(body))
            )
            self.end_headers()
            self.wfile.write(sent)
        self.wfile.flush()
        if fault.kind == "reset":
            time.sleep(0.02)  # what was sent shall arrive before the reset does
            abort(self.connection)
        return len(sent)

    def _stream(self, reply: Reply, *, zipped: bool, head_only: bool) -> int:
        stored = reply.stored
        assert stored is not None  # noqa: S101 - the caller looked
        size = stored.packed if zipped else stored.size
        self._head(reply, encoding="gzip" if zipped else None)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        if not head_only:
            blocks = _blocks(stored.open().fileno(), stored.start, stored.packed)
            for block in blocks if zipped else _unzipped(blocks):
                self.wfile.write(block)
        self.wfile.flush()
        return size


def handler_for(served: Served, role: str) -> Callable[[socket.socket, tuple[str, int]], None]:
    """What serves one accepted connection from its first request to its last."""

    handler = type("Handler", (_Handler,), {"served": served, "role": role})

    def serve(connection: socket.socket, address: tuple[str, int]) -> None:
        with contextlib.suppress(OSError):
            handler(connection, address, None)
        with contextlib.suppress(OSError):
            connection.close()

    return serve


def _encode(reply: Reply, *, zipped: bool) -> tuple[bytes, bool]:
    if not zipped:
        return body_of(reply), False
    if reply.packed is not None:
        return reply.packed, True
    body = body_of(reply)
    return (pack(body), True) if len(body) >= _SMALL else (body, False)


def _blocks(descriptor: int, start: int, size: int) -> Iterator[bytes]:
    for offset in range(start, start + size, _BLOCK):
        yield os.pread(descriptor, min(_BLOCK, start + size - offset), offset)


def _unzipped(blocks: Iterator[bytes]) -> Iterator[bytes]:
    stream = zlib.decompressobj(wbits=31)
    for block in blocks:
        yield stream.decompress(block)
    yield stream.flush()
