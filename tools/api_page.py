"""The page about the API, made from its OpenAPI document as the beacon's own page is."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings import LISTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seatbeacon.api.documentation import Field, Shown

INVENTORY = "Inventory"
"""The group of the listings: they are asked alike, and their columns stand on the page of listings."""


def render() -> str:
    """Every operation: what it does, the scope it needs, what it takes and what it answers."""
    _set_django_up()
    from seatbeacon.api.documentation import shown_groups  # noqa: PLC0415 - once Django is set up
    from seatbeacon.api.urls import api  # noqa: PLC0415 - as above

    document = dict(api.get_openapi_schema(path_prefix="/api/v1"))
    parts = [
        "# API",
        "",
        "Every operation under `/api/v1`; [how to use the API](../how-to/use-the-api.md) has examples. A",
        "running beacon has the same as OpenAPI 3.1 at `/api/v1/openapi.json`, and as a page at",
        "`/api/v1/docs/`.",
        "",
        document["info"]["description"],
    ]
    for group, operations in shown_groups(document):
        parts += ["", f"## {group}"]
        whole, lists = _without_repeats(operations) if group == INVENTORY else (operations, [])
        parts += _listings(lists)
        for operation in whole:
            parts += _operation(operation)
    return "\n".join(parts).rstrip() + "\n"


def _set_django_up() -> None:
    """As little as the operations need: no home is made and no database opened."""
    import django  # noqa: PLC0415 - nothing else of the reference needs it
    from django.apps import apps  # noqa: PLC0415 - as above

    if not apps.ready:
        os.environ.setdefault("SEATBEACON_HOME", tempfile.gettempdir())
        os.environ["DJANGO_SETTINGS_MODULE"] = "seatbeacon.web.django_settings"
        django.setup()


def _without_repeats(operations: Sequence[Shown]) -> tuple[list[Shown], list[Shown]]:
    """What to show whole: of the listings those of the first, and all that is no listing of the inventory;
    and every list of a listing."""
    listed = [each for each in operations if each.path.split("/")[1] in LISTINGS]
    first = listed[0].path
    whole = [each for each in operations if each not in listed or f"{each.path}/".startswith(f"{first}/")]
    return whole, [each for each in listed if each.path.count("/") == 1]


def _listings(lists: Sequence[Shown]) -> Iterator[str]:
    yield from (
        "",
        "Each listing has three addresses, such as `/users`, `/users/groups` and `/users/export`. All are",
    )
    yield "asked alike, so those of the first stand here for the others."
    yield from ("", "| listing | rows |", "|---|---|")
    for each in lists:
        name = each.path.removeprefix("/")
        about = each.description.partition("\n")[0]
        yield f"| `{each.path}` | {about} [Columns](listings.md#{name}) |"


def _operation(shown: Shown) -> Iterator[str]:
    yield from ("", f"### {shown.method} {shown.path}", "", f"{shown.summary}. Scope: *{shown.scope}*.")
    if shown.description and shown.description.rstrip(".") != shown.summary:
        yield from ("", shown.description)
    yield from _table("Parameter", shown.parameters)
    yield from _table("Body", shown.body)
    yield from _table(shown.answer_name, shown.answer)


def _table(heading: str, fields: Sequence[Field]) -> Iterator[str]:
    if fields:
        yield from ("", f"| {heading} | | |", "|---|---|---|")
    for field in fields:
        needed = " **required**" if field.required and heading in {"Parameter", "Body"} else ""
        about = " ".join(f"{field.about}{needed}".replace("|", "\\|").split())
        yield f"| `{field.name}` | {field.kind} | {about} |"
