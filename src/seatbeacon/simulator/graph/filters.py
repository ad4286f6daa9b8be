"""`$filter`: read into a tree, then answered for a whole table at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seatbeacon.simulator.graph.errors import bad_request, unsupported_query

MOST_OR_CLAUSES = 15
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<mark>[(),:])|(?P<word>[A-Za-z_$][\w$./@-]*)|(?P<number>"
    r"[0-9][0-9A-Za-z:.+-]*))"
)
Literal = str | bool | int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`property operator value`; operator is eq, ne, ge, le, lt, gt or in (then `value` is a tuple)."""

    prop: str
    operator: str
    value: Literal | tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """`startswith(property,'text')` or `endswith(property,'text')`."""

    name: str
    prop: str
    value: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`collection/any(x:x eq 'text')` or `collection/any(x:x/member eq value)`; `value` None: any at all."""

    prop: str
    member: str | None
    value: Literal


@dataclass(frozen=True, slots=True)
class Not:
    """The complement."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Either:
    """`and` or `or` of two or more."""

    operator: str
    parts: tuple[Node, ...]


Node = Comparison | Function | AnyOf | Not | Either


def parse_filter(text: str) -> Node:
    """The tree of a `$filter` expression; RefusedError (400) where it is none, or has too many `or`s."""
    reader = _Reader(text)
    node = reader.either()
    if reader.peek() is not None:
        raise _invalid(text, reader.peek())
    clauses = _count_or(node)
    if clauses > MOST_OR_CLAUSES:
        raise unsupported_query(
            "Too many child clauses specified in search filter expression containing 'OR' "
            f"operators: {clauses}. Max allowed: {MOST_OR_CLAUSES}."
        )
    return node


def needs_advanced(node: Node) -> bool:
    """Whether the expression works only with `ConsistencyLevel: eventual` and `$count=true`
    (`facts/graph.md` §1.4)."""
    match node:
        case Not():
            return True
        case Either(_, parts):
            return any(needs_advanced(part) for part in parts)
        case Comparison(prop, operator, _):
            return operator == "ne" or prop.endswith("/$count")
        case Function(name, _, _):
            return name == "endswith"
        case _:
            return False


def properties(node: Node) -> set[str]:
    """The properties that an expression asks about."""
    match node:
        case Not(inner):
            return properties(inner)
        case Either(_, parts):
            return set().union(*(properties(part) for part in parts))
        case _:
            return {node.prop}


def _count_or(node: Node) -> int:
    match node:
        case Not(inner):
            return _count_or(inner)
        case Either(operator, parts):
            inner_most = max(_count_or(part) for part in parts)
            return max(inner_most, len(parts)) if operator == "or" else inner_most
        case _:
            return 1


def _invalid(text: str, near: str | None) -> Exception:
    return bad_request(f"Invalid filter clause: Syntax error near '{near}' in '{text}'.", "BadRequest")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        position = 0
        stripped = text.rstrip()
        while position < len(stripped):
            match = _TOKEN.match(stripped, position)
            if match is None:
                raise _invalid(text, stripped[position:])
            self.tokens.append(match.group().strip())
            position = match.end()
        self.at = 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if token is None or (expected is not None and token.lower() != expected):
            raise _invalid(self.text, token)
        self.at += 1
        return token

    def is_next(self, word: str) -> bool:
        return (self.peek() or "").lower() == word

    def either(self) -> Node:
        return self._chain("or", self._both)

    def _both(self) -> Node:
        return self._chain("and", self._one)

    def _chain(self, operator: str, part: object) -> Node:
        assert callable(part)  # noqa: S101 - for the type checker
        parts: list[Node] = [part()]
        while self.is_next(operator):
            self.take()
            parts.append(part())
        flat: list[Node] = []
        for node in parts:
            flat.extend(node.parts if isinstance(node, Either) and node.operator == operator else (node,))
        return flat[0] if len(flat) == 1 else Either(operator, tuple(flat))

    def _one(self) -> Node:
        if self.is_next("not"):
            self.take()
            return Not(self._one())
        if self.is_next("("):
            self.take()
            inner = self.either()
            self.take(")")
            return inner
        word = self.take()
        if word.lower() in ("startswith", "endswith"):
            self.take("(")
            prop = self.take()
            self.take(",")
            value = _literal(self.take())
            self.take(")")
            return Function(word.lower(), prop, str(value))
        if word.endswith("/any"):
            return self._any(word[: -len("/any")])
        return self._comparison(word)

    def _any(self, prop: str) -> Node:
        self.take("(")
        if self.is_next(")"):
            self.take()
            return AnyOf(prop, None, None)
        variable = self.take()
        self.take(":")
        subject = self.take()
        self.take("eq")
        value = _literal(self.take())
        self.take(")")
        if subject.split("/")[0] != variable:
            raise _invalid(self.text, subject)
        return AnyOf(prop, subject.partition("/")[2] or None, value)

    def _comparison(self, prop: str) -> Node:
        operator = self.take().lower()
        if operator == "in":
            self.take("(")
            values = [_literal(self.take())]
            while self.is_next(","):
                self.take()
                values.append(_literal(self.take()))
            self.take(")")
            return Comparison(prop, "in", tuple(values))
        if operator not in ("eq", "ne", "ge", "le", "gt", "lt"):
            raise _invalid(self.text, operator)
        return Comparison(prop, operator, _literal(self.take()))


def _literal(token: str) -> Literal:
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    lowered = token.lower()
    if lowered in ("true", "false", "null"):
        return {"true": True, "false": False}.get(lowered)
    return int(token) if token.isdigit() and len(token) < 10 else token
