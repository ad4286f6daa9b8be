"""`seatbeacon export`: every listing as a folder of files."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatbeacon.beacon.listings import NAMES
from seatbeacon.cli.lazy import Command
from seatbeacon.cli.options import TENANT
from seatbeacon.cli.output.table import print_table
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seatbeacon.beacon.exporting.export import Step

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option(
    "--format",
    "format_",
    type=click.Choice(("parquet", "csv", "xlsx")),
    default="parquet",
    show_default=True,
    help="The format of the files.",
)
@click.option(
    "--listing",
    "listings",
    multiple=True,
    metavar="LISTING",
    type=click.Choice(NAMES),
    help="Only this listing, such as users. Repeatable. [default: all]",
)
@click.option("--as-of", metavar="DATE", help="As it was at the end of DATE, such as 2026-03-01.")
@click.option("--inventory", is_flag=True, help="The inventory file itself as well, as inventory.duckdb.")
@TENANT
def export(
    folder: Path,
    format_: str,
    listings: tuple[str, ...],
    as_of: str | None,
    tenant: str | None,
    *,
    inventory: bool,
) -> None:
    """Export every listing into DIR: a file each, with all rows and columns, and a manifest.

    DIR is new, empty, or holds an earlier export, which is replaced. It is filled whole or not at all: where
    manifest.json is, everything is there that it names.
    """
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.exporting.export import Wish, dated, export_folder
    from seatbeacon.beacon.imports.versions import choose_version
    from seatbeacon.cli.actor import command_line
    from seatbeacon.inventory.query import moment_of

    moment = moment_of(as_of) if as_of else None
    names = tuple(dict.fromkeys(listings)) or NAMES
    if moment is not None and not listings:
        names = dated(NAMES)
        left = ", ".join(name for name in NAMES if name not in names)
        click.echo(f"Known as of the last import only, and left out: {left}.", err=True)
    wish = Wish(names, format_, moment, inventory)
    version = choose_version(tenant)
    with _progress() as tell:
        manifest = export_folder(settings, version, folder, wish, actor=command_line(), tell=tell)
    rows = [(file.name, file.rows, file.bytes) for file in manifest.files]
    print_table(("File", "Rows", "Bytes"), rows)
    of = f"as of {as_of}" if as_of else f"as imported on {manifest.imported_at:%Y-%m-%d %H:%M} UTC"
    click.echo(neutral_line(f"Exported {manifest.tenant}, {of}, into {folder}"))


@contextmanager
def _progress() -> Iterator[Callable[[Step], None]]:
    """What tells of each file: a line that moves in a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f}"),
        BarColumn(bar_width=30),
        TextColumn("{task.description}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as live:
        task = live.add_task("looking at the inventory", total=1)

        def tell(step: Step) -> None:
            rows = "" if step.rows is None else f", {step.rows:,} rows"
            live.update(task, total=step.of, completed=step.number - 1, description=f"{step.name}{rows}")

        yield tell
