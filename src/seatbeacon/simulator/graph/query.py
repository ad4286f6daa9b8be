"""The OData query options of a listing, checked as Graph checks them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.simulator.graph.errors import bad_request, unsupported_query
from seatbeacon.simulator.graph.filters import Node, needs_advanced, parse_filter, properties

if TYPE_CHECKING:
    from seatbeacon.simulator.reply import Request

DEFAULT_TOP = 100
MOST = 999
MOST_WITH_SIGN_INS = 500
_EXPAND = re.compile(r"^(\w+)(?:\(\$select=([\w,]+)\))?$")
_OPTIONS = frozenset(
    {"$select", "$filter", "$top", "$expand", "$orderby", "$count", "$skiptoken", "$search", "$format"}
)


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """One listing's options; `text` is what tells this listing from another (its page token aside)."""

    select: tuple[str, ...]
    expand: tuple[str, tuple[str, ...]] | None
    filter_text: str | None
    filter: Node | None
    order: tuple[str, bool] | None
    top: int
    count: bool
    skiptoken: str | None
    text: str


def parse_query(request: Request, *, most: int = MOST) -> ListingQuery:
    """The query options of `request`; RefusedError (400) where Graph would refuse them."""
    options: dict[str, str] = {}
    for key, value in request.query:
        name = key if key.startswith("$") else f"${key}"
        if name not in _OPTIONS:
            raise bad_request(f"Unrecognized query option '{key}'.", "BadRequest")
        if name in options:
            raise bad_request(
                f"Query option '{key}' was specified more than once, but it must be specified at most once.",
                "BadRequest",
            )
        options[name] = value
    if "$search" in options:
        raise unsupported_query("This simulated tenant does not support $search.")
    select = tuple(name.strip() for name in options.get("$select", "").split(",") if name.strip())
    node = parse_filter(options["$filter"]) if "$filter" in options else None
    order = _order(options.get("$orderby"))
    count = options.get("$count", "false").lower() == "true"
    _check_advanced(request, node, counted=count, ordered=order is not None)
    asks_sign_ins = "signInActivity" in select or (
        node is not None and any(name.startswith("signInActivity") for name in properties(node))
    )
    return ListingQuery(
        select=select,
        expand=_expand(options.get("$expand")),
        filter_text=options.get("$filter"),
        filter=node,
        order=order,
        top=_top(options.get("$top"), MOST_WITH_SIGN_INS if asks_sign_ins else most),
        count=count,
        skiptoken=options.get("$skiptoken"),
        text="&".join(f"{name}={options[name]}" for name in sorted(options) if name != "$skiptoken"),
    )


def is_eventual(request: Request) -> bool:
    """Whether the request carries `ConsistencyLevel: eventual`."""
    return request.headers.get("consistencylevel", "").lower() == "eventual"


def _check_advanced(request: Request, node: Node | None, *, counted: bool, ordered: bool) -> None:
    advanced = (node is not None and needs_advanced(node)) or (node is not None and ordered)
    if (advanced or counted) and not (is_eventual(request) and counted):
        raise unsupported_query(
            "The query requires the ConsistencyLevel header with the value 'eventual' and the "
            "$count=true query parameter. "
            "See https://aka.ms/graph-docs/advanced-queries"
        )


def _top(text: str | None, most: int) -> int:
    if text is None:
        return DEFAULT_TOP
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise bad_request(
            f"Invalid page size specified: '{text}'. Must be between 1 and {most} inclusive.",
            "Request_UnsupportedQuery",
        )
    return int(text)


def _expand(text: str | None) -> tuple[str, tuple[str, ...]] | None:
    if text is None:
        return None
    match = _EXPAND.match(text.strip())
    if match is None:
        raise bad_request(f"Parsing OData Select and Expand failed near '{text}'.", "BadRequest")
    return match[1], tuple((match[2] or "").split(",")) if match[2] else ()


def _order(text: str | None) -> tuple[str, bool] | None:
    if text is None:
        return None
    prop, _, direction = text.strip().partition(" ")
    if prop not in ("displayName", "userPrincipalName", "createdDateTime") or direction not in (
        "",
        "asc",
        "desc",
    ):
        raise unsupported_query(f"Sorting is not supported for '{text}'.")
    return prop, direction == "desc"
