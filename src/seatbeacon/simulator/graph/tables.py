"""A listing's objects as a table that answers filters and shows rows."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from seatbeacon.simulator.graph.errors import bad_request, unsupported_query
from seatbeacon.simulator.graph.filters import AnyOf, Comparison, Either, Function, Node, Not

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ALL_OPERATORS = frozenset({"eq", "ne", "not", "ge", "le", "in", "startswith", "endswith"})


class Table(Protocol):
    """The objects of one listing on one day."""

    name: str
    size: int
    filterable: dict[str, frozenset[str]]
    """Property → the operators it takes."""
    default: tuple[str, ...]
    """What is shown without `$select`."""
    known: frozenset[str]
    """What `$select` may name."""

    def column(self, prop: str) -> Sequence[Any]:
        """All values of one property."""
        ...

    def row(
        self, position: int, select: tuple[str, ...], expand: tuple[str, tuple[str, ...]] | None
    ) -> dict[str, Any]:
        """One object with the properties asked for."""
        ...

    def prefix(self, prop: str, text: str) -> Sequence[int] | None:
        """Positions whose `prop` begins with `text`, where the table has an order for it."""
        ...


@dataclass
class ObjectTable:
    """A table of ready objects."""

    name: str
    objects: list[dict[str, Any]]
    filterable: dict[str, frozenset[str]]
    default: tuple[str, ...]

    def __post_init__(self) -> None:
        """Learn the properties from the first object."""
        self.size = len(self.objects)
        self.known = frozenset(self.default).union(*self.objects[:1])

    def column(self, prop: str) -> Sequence[Any]:
        """All values of one property."""
        return [entry.get(prop) for entry in self.objects]

    def row(
        self, position: int, select: tuple[str, ...], expand: tuple[str, tuple[str, ...]] | None
    ) -> dict[str, Any]:
        """One object with the properties asked for."""
        if expand is not None:
            raise bad_request(f"Could not find a property named '{expand[0]}' to expand.", "BadRequest")
        entry = self.objects[position]
        return {name: entry[name] for name in select if name in entry}

    def prefix(self, prop: str, text: str) -> Sequence[int] | None:
        """None: no order is kept."""
        del prop, text
        return None


def positions(table: Table, node: Node) -> list[int]:
    """The positions of the objects that the expression keeps, in the table's order."""
    mask = _mask(table, node)
    return [position for position, kept in enumerate(mask) if kept]


def _mask(table: Table, node: Node) -> bytes:
    match node:
        case Not(inner):
            return bytes(1 - kept for kept in _mask(table, inner))
        case Either(operator, parts):
            masks = [int.from_bytes(_mask(table, part), "big") for part in parts]
            total = masks[0]
            for mask in masks[1:]:
                total = total | mask if operator == "or" else total & mask
            return total.to_bytes(table.size, "big")
        case _:
            return _leaf(table, node)


def _leaf(table: Table, node: Comparison | Function | AnyOf) -> bytes:
    operator = (
        {Comparison: "", Function: "", AnyOf: "any"}[type(node)]
        or getattr(node, "operator", "")
        or getattr(node, "name", "")
    )
    prop, counted = (
        (node.prop[: -len("/$count")], True) if node.prop.endswith("/$count") else (node.prop, False)
    )
    allowed = table.filterable.get(prop)
    if allowed is None:
        raise unsupported_query(
            f"Unsupported or invalid query filter clause specified for property '{prop}' of "
            f"resource '{table.name}'."
        )
    if ("$count" if counted else operator) not in allowed:
        raise unsupported_query(
            f"Operator '{operator}' is not supported for property '{prop}' of resource '{table.name}'."
        )
    if isinstance(node, Function) and node.name == "startswith":
        ordered = table.prefix(prop, node.value.lower())
        if ordered is not None:
            mask = bytearray(table.size)
            for position in ordered:
                mask[position] = 1
            return bytes(mask)
    test = _test(node)
    return bytes(1 if test(value) else 0 for value in table.column(prop))


def _test(node: Comparison | Function | AnyOf) -> Callable[[Any], bool]:
    if isinstance(node, Function):
        text = node.value.lower()
        if node.name == "startswith":
            return lambda value: value is not None and value.lower().startswith(text)
        return lambda value: value is not None and value.lower().endswith(text)
    if isinstance(node, AnyOf):
        return _any_test(node)
    if node.prop.endswith("/$count"):
        if node.value != 0 or node.operator not in ("eq", "ne"):
            raise unsupported_query("Only '/$count eq 0' and '/$count ne 0' are supported.")
        return (lambda value: not value) if node.operator == "eq" else bool
    if node.operator == "in":
        assert isinstance(node.value, tuple)  # noqa: S101 - what the reader made
        wanted = {_plain(value) for value in node.value}
        return lambda value: _plain(value) in wanted
    target = _plain(node.value)
    return {
        "eq": lambda value: _plain(value) == target,
        "ne": lambda value: _plain(value) != target,
        "ge": lambda value: value is not None and _plain(value) >= target,
        "le": lambda value: value is not None and _plain(value) <= target,
    }[node.operator]


def _any_test(node: AnyOf) -> Callable[[Any], bool]:
    if node.value is None and node.member is None:
        return bool
    target = _plain(node.value)
    if node.member is None:
        return lambda values: any(_plain(value) == target for value in values)
    member = node.member
    return lambda values: any(_plain(value[member]) == target for value in values)


def _plain(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def prefix_range(ordered: Sequence[int], keys: Sequence[str], text: str) -> Sequence[int]:
    """The part of `ordered` (positions sorted by `keys`) whose keys begin with `text`."""
    start = bisect_left(ordered, text, key=keys.__getitem__)
    return ordered[start : bisect_left(ordered, text + "\U0010ffff", lo=start, key=keys.__getitem__)]
