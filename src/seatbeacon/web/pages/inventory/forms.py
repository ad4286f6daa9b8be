"""What the forms of a list send, and the address that it becomes. All of them work without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from seatbeacon.web.pages.inventory.address import Asked, asked_by
from seatbeacon.web.pages.inventory.chips import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import QueryDict

FORM = ("form", "fk", "fo", "fv", "c", "shown")
"""Fields that only forms send: `fk`, `fo` and `fv` make a filter, each `c` is a column that is ticked."""


def is_form(parameters: QueryDict) -> bool:
    """Whether a form sent this: it is then put into its canonical address."""
    return any(name in parameters for name in FORM)


def sent(parameters: QueryDict, standard: Sequence[str]) -> Asked:
    """What a form asks for. Columns that are those of the `standard` list are left out of its address."""
    asked = asked_by(parameters)
    filter_ = written(parameters.get("fk", ""), parameters.get("fo", ""), parameters.get("fv", ""))
    filters = tuple(dict.fromkeys((*asked.filters, *((filter_,) if filter_ else ()))))
    columns = () if asked.columns == tuple(standard) else asked.columns
    return asked.but(filters=filters, columns=columns)


def hidden_fields(asked: Asked, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The names and values that a form keeps of an address: all but those that it asks for itself."""
    left = {"page", "after", "view", *without}
    return [pair for pair in parse_qsl(asked.query) if pair[0] not in left]
