"""`seatbeacon package collect|show|import`."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from pathlib import Path

import click

from seatbeacon.cli.lazy import Group
from seatbeacon.cli.output.rows import format_option, print_rows

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(cls=Group)
def package() -> None:
    """Packages: what an import read, as a folder of raw files that can be kept, moved and imported again."""


@package.command()
@click.argument("name")
@click.option("--out", required=True, type=_FOLDER, help="A new or empty folder to write the package to.")
@click.option("--resume", is_flag=True, help="Go on with a package whose collection was interrupted.")
def collect(name: str, out: Path, *, resume: bool) -> int:
    """Read the connection NAME into a package and import nothing.

    Exit status: 0 everything was read, 3 something is missing, 1 it failed.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.connections.services import find_connection
    from seatbeacon.beacon.imports.execute import collect_package
    from seatbeacon.cli.progress import progress_display
    from seatbeacon.cli.stopping import stoppable
    from seatbeacon.collection.package.reader import open_package
    from seatbeacon.graph.errors import Cancelled

    connection = find_connection(name)
    try:
        with stoppable() as stop, progress_display() as observer:
            manifest = collect_package(
                settings, connection, out, observer=observer, check_cancelled=stop.check, resume=resume
            )
    except Cancelled:
        raise KeyboardInterrupt from None
    _tell(out, "table")
    open_package(out).verify(checksums=False)
    return 3 if manifest.problems else 0


@package.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@format_option("table", "json")
def show(folder: Path, format_: str) -> None:
    """Show what the package in DIR holds, and whether it is whole."""
    from seatbeacon.collection.package.reader import open_package

    _tell(folder, format_)
    open_package(folder).verify()


@package.command("import")
@click.argument("folder", metavar="DIR", type=_FOLDER)
def import_(folder: Path) -> int:
    """Import the package in DIR, which stays as it is.

    Exit status: 0 it succeeded, 3 it succeeded with problems, 1 it failed or is held, 130 it was stopped.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.package import import_package_folder
    from seatbeacon.beacon.models import Trigger
    from seatbeacon.cli.ending import told_ending

    return told_ending(
        lambda observer, check: import_package_folder(
            settings, folder, Trigger.CLI, observer=observer, check_cancelled=check
        )
    )


def _tell(folder: Path, format_: str) -> None:
    import msgspec

    from seatbeacon.collection.package.reader import open_package
    from seatbeacon.collection.package.summary import summary

    told = summary(open_package(folder).manifest)
    if format_ == "json":
        values = msgspec.structs.asdict(told)
        print_rows("json", list(values), [list(values.values())])
        return
    lines = [
        ("Tenant", f"{told.tenant_name} ({told.tenant_id})" if told.tenant_id else None),
        ("Connection", told.connection),
        ("Cloud", told.cloud),
        ("Status", told.status),
        ("Started", told.started_at),
        ("Ended", told.ended_at),
        ("Requests", f"{told.requests:,}"),
        ("Throttled", f"{told.throttled_seconds:.1f} s"),
        ("Size", f"{told.bytes:,} bytes"),
        ("Written by", told.created_by),
    ]
    print_rows("table", ("Field", "Value"), lines)
    click.echo()
    rows = [
        (d.dataset, d.outcome, d.count, d.bytes, d.seconds, d.refresh_date, d.told) for d in told.datasets
    ]
    labels = ("Dataset", "Outcome", "Count", "Bytes", "Seconds", "As of", "What is missing, and what to do")
    print_rows("table", labels, rows)
