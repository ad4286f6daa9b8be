"""A command line, run in this process in the home that is lived in."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

from seatbeacon.cli.main import run


@dataclass(frozen=True)
class Done:
    """Exit status, standard output and standard error."""

    status: int
    out: str
    err: str


def command(*arguments: str) -> Done:
    """Run `seatbeacon ARGUMENTS` to its end."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run(arguments)
    return Done(status, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
