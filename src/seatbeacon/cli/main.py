"""The command `seatbeacon`: its commands, and how errors are told.

Exit statuses: 0 done, 1 failed, 2 a wrong command line, 3 an import that succeeded with problems, 130 stopped
by Ctrl-C.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import click

from seatbeacon import __version__
from seatbeacon.cli.lazy import Group, State

if TYPE_CHECKING:
    from collections.abc import Sequence

STOPPED = 130
BROKEN_PIPE = 1
"""As click ends where whoever reads our output has gone; nothing is told then."""

_HERE = "seatbeacon.cli.commands"


@click.group(
    cls=Group,
    lazy={
        "serve": f"{_HERE}.serve:serve",
        "worker": f"{_HERE}.worker:worker",
        "demo": f"{_HERE}.demo:demo",
        "simulate": f"{_HERE}.simulate:simulate",
        "connection": f"{_HERE}.connection:connection",
        "schedule": f"{_HERE}.schedule:schedule",
        "import": f"{_HERE}.imports:imports",
        "package": f"{_HERE}.package:package",
        "list": f"{_HERE}.listing:listing",
        "export": f"{_HERE}.export:export",
        "price": f"{_HERE}.price:price",
        "recommendation": f"{_HERE}.recommendation:recommendation",
        "exemption": f"{_HERE}.exemption:exemption",
        "leave": f"{_HERE}.leave:leave",
        "rule": f"{_HERE}.rule:rule",
        "chargeback": f"{_HERE}.chargeback:chargeback",
        "catalog": f"{_HERE}.catalog:catalog",
        "secrets": f"{_HERE}.secrets:secrets",
        "settings": f"{_HERE}.settings:settings",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, package_name="seatbeacon", message="%(prog)s %(version)s")
def seatbeacon() -> None:
    """Seatbeacon: a self-hosted, read-only inventory beacon for Microsoft 365."""


def main() -> None:
    """Run the command line that this process was given, and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status; whatever fails is told on standard error."""
    _print_any_script()
    state = State()
    try:
        result = seatbeacon.main(list(arguments), "seatbeacon", standalone_mode=False, obj=state)
        sys.stdout.flush()
    except click.Abort:
        return _tell("Stopped.", STOPPED)
    except KeyboardInterrupt:
        return _tell("Stopped.", STOPPED)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        _forget_standard_output()
        return BROKEN_PIPE
    except Exception as error:
        if state.debug:
            raise
        from seatbeacon.cli.errors import told  # noqa: PLC0415 - only where something failed

        return _tell(told(error), 1)
    return result if isinstance(result, int) else 0


def _tell(message: str, status: int) -> int:
    with contextlib.suppress(OSError):
        click.echo(f"seatbeacon: {message}", err=True)
    return status


def _print_any_script() -> None:
    """Names of every script are printed; a terminal that cannot show one shows a question mark instead."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr] # in place of a file it may be missing


def _forget_standard_output() -> None:
    """Whoever read our output has gone: leave nothing for Python to flush, and complain about, at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
