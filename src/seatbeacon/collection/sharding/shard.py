"""A part of all users, as an OData filter over user principal names.

Microsoft Graph: `startswith` works plainly on userPrincipalName, `not` is an advanced query, and a filter
may hold a limited number of clauses joined by `or` (Advanced query capabilities on directory objects).
"""

from __future__ import annotations

import msgspec

PROPERTY = "userPrincipalName"
MOST_TERMS = 12
"""Prefixes joined by `or` in one filter; Graph refuses more than 15."""


class Term(msgspec.Struct, frozen=True):
    """Names that begin with `prefix` (lower case) and with none of `without`, each of which is longer."""

    prefix: str
    without: tuple[str, ...] = ()

    def holds(self, name: str) -> bool:
        """Whether the user principal name `name` belongs here; its case does not matter."""
        lower = name.lower()
        return lower.startswith(self.prefix) and not lower.startswith(self.without)

    @property
    def filter(self) -> str:
        """OData; empty where every name belongs here."""
        clauses = [starts_with(self.prefix)] if self.prefix else []
        return " and ".join([*clauses, *(f"not {starts_with(each)}" for each in self.without)])


class Shard(msgspec.Struct, frozen=True):
    """The union of `terms`; `expected` objects were counted in it while planning."""

    terms: tuple[Term, ...]
    expected: int = 0

    def holds(self, name: str) -> bool:
        """Whether the user principal name `name` belongs here."""
        return any(term.holds(name) for term in self.terms)

    @property
    def advanced(self) -> bool:
        """Whether the filter is an advanced query: it says `not`."""
        return any(term.without for term in self.terms)

    @property
    def filter(self) -> str:
        """OData; empty where every name belongs here."""
        return " or ".join(term.filter for term in self.terms)


WHOLE = Shard((Term(""),))
"""Everybody, in one part."""


def starts_with(prefix: str) -> str:
    """OData for names that begin with `prefix`; a quote in it is doubled."""
    return f"startswith({PROPERTY},'{prefix.replace(chr(39), chr(39) * 2)}')"
