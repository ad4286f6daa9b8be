"""`python -m tools.reference`: write the pages of docs/reference from the code they describe.

A test renders them again and compares, so that none can fall behind.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tools import api_page, inventory_page, rule_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
WIDTH = 100


def main() -> int:
    """Write every page; exit status 0."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, render in PAGES.items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(render(), encoding="utf-8")
    return 0


def commands() -> str:
    """Every command's help, as the terminal shows it."""
    from seatbeacon.cli.main import seatbeacon  # noqa: PLC0415 - a page's own subject

    parts = [
        "# Commands",
        "",
        "Exit statuses: 0 done · 1 failed · 2 a wrong command line · 3 succeeded with problems",
        "· 130 stopped by Ctrl-C.",
        "Secrets are read from a file, from standard input (`-`) or from a prompt, never from an argument.",
    ]
    for path, command in _walk("seatbeacon", seatbeacon):
        # As the command line itself makes it: each command remembers the names of its help option from its
        # first context.
        context = click.Context(
            command,
            info_name=path,
            terminal_width=WIDTH,
            max_content_width=WIDTH,
            help_option_names=seatbeacon.context_settings["help_option_names"],
        )
        parts += ["", f"## {path}", "", "```", command.get_help(context), "```"]
    return _page(parts)


def settings() -> str:
    """Every setting: variable, default and meaning."""
    from seatbeacon.beacon.settings.declared import Settings  # noqa: PLC0415 - a page's own subject

    parts = [
        "# Settings",
        "",
        "Settings are environment variables. `seatbeacon settings` shows each with its value and",
        "where the value comes from; secrets are masked.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for each in dataclasses.fields(Settings):
        declared = each.metadata["declaration"]
        default = f"`{declared.default_text}`" if declared.default_text else "–"
        parts.append(f"| `{declared.variable}` | {default} | {_cell(declared.help)} |")
    return _page(parts)


def datasets() -> str:
    """Every dataset: what is asked of Graph, which permission it needs, and which columns are used."""
    from seatbeacon.collection.datasets import DATASETS  # noqa: PLC0415 - a page's own subject

    parts = [
        "# Datasets",
        "",
        "What an import asks Microsoft Graph for: nothing but GET requests. *Required* datasets fail a",
        "run; *extra* ones need a permission beyond the documented two, and a run without them has no",
        "problem.",
        "",
        "| dataset | permission | | clouds |",
        "|---|---|---|---|",
    ]
    for dataset in DATASETS:
        weight = "required" if dataset.required else "extra" if dataset.extra else "optional"
        clouds = "all" if dataset.clouds == "all" else "global"
        parts.append(
            f"| [{dataset.name}](#{dataset.name.lower()}) | {dataset.permission} | {weight} | {clouds} |"
        )
    for dataset in DATASETS:
        parts += [
            "",
            f"## {dataset.name}",
            "",
            "```",
            f"GET /v1.0{dataset.request(parent_id='{id}').path}",
            "```",
            "",
        ]
        parts.append(f"File `{dataset.schema.file}`. Columns in use: ")
        parts[-1] += ", ".join(f"`{column}`" for column in dataset.schema.columns) + "."
    return _page(parts)


def listings() -> str:
    """Every listing: its columns, what a search looks at, and its order."""
    from seatbeacon.inventory.listings import LISTINGS  # noqa: PLC0415 - a page's own subject
    from seatbeacon.inventory.listings.declaration import UNKNOWN  # noqa: PLC0415 - as above

    parts = [
        "# Listings",
        "",
        "`seatbeacon list NAME` shows a listing; `--columns`, `--filter`, `--search`, `--sort` and",
        "`--group-by` name these keys. How the numbers are counted:",
        "[how we count](../discussion/counting.md).",
        "",
        "## Filters",
        "",
        "| write | to find |",
        "|---|---|",
        "| `department=Sales` | the value, whatever its case |",
        "| `department!=Sales` | all others, rows without a value too |",
        "| `department=Sales\\|Marketing` | any of several values; also with `!=` (none of) and `~` |",
        "| `mail~contoso` | what contains the text |",
        "| `license_count>=2` | also `>`, `<`, `<=`; of numbers, dates and times |",
        "| `department=null`, `department!=null` | rows without a value, with one |",
        "| `last_activity_date>90d` | the last 90 days; `<=90d` for what is older. Activity counts from |",
        "| | the day that its report is of, everything else from today. Also `12w`, `6m`, `1y` |",
        "| `next_lifecycle_at<=+30d` | the 30 days to come, and what is past |",
        "| `mailbox_bytes>=2GB` | sizes: `KB`, `MB`, `GB`, `TB`, by 1024 |",
        '| `display_name="null"` | a value in double quotes as it stands; `""` for one within |',
        "",
        "## As of a date",
        "",
        "`--as-of 2026-03-01` tells a listing as it was at the end of that day (UTC), as far back as",
        "there were imports. Users, assignments, products, groups and enterprise applications are known",
        "exactly, activity counts by the day, a user's last activity by the month: where later activity of",
        "the same month replaced it, it is empty and `active_since` is the first of that month. Columns",
        "marked *now* are empty as of a date; what reports alone tell (mailboxes, OneDrives, activations,",
        "sign-ins, Copilot by app) is known as of the last import only, and a mailbox's kind too.",
    ]
    for listing in LISTINGS.values():
        parts += [
            "",
            f"## {listing.name}",
            "",
            listing.about,
            "",
            "| key | label | type | shown by default | |",
            "|---|---|---|---|---|",
        ]
        for column in listing.columns:
            shown = "yes" if column.default_visible else ""
            now = "*now*. " if column.as_of == UNKNOWN else ""
            about = _cell(f"{now}{column.about}")
            parts.append(f"| `{column.key}` | {_cell(column.label)} | {column.type} | {shown} | {about} |")
        search = ", ".join(f"`{key}`" for key in listing.search)
        order = ", ".join(f"`{key}`" for key in listing.default_sort)
        dated = "" if listing.as_of else " Known as of the last import only."
        parts += ["", f"A search looks at {search}. Sorted by {order}.{dated}"]
    return _page(parts)


def _walk(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _walk(f"{path} {name}", inner)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _page(parts: list[str]) -> str:
    return "\n".join(parts).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "settings.md": settings,
    "datasets.md": datasets,
    "listings.md": listings,
    "inventory-file.md": inventory_page.render,
    "api.md": api_page.render,
    **rule_pages.pages(),
}

if __name__ == "__main__":
    sys.exit(main())
