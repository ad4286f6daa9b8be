"""Where access tokens come from, as the client sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from .secret import Secret


@runtime_checkable
class TokenSource(Protocol):
    """Hands out access tokens. Safe to call from many threads: one of them renews, the others wait for it."""

    def token(self) -> Secret:
        """A token that is good for the next minutes, renewed first where it is about to end.

        SignInError where Entra ID gives none; TransportError where it cannot be asked.
        """
        ...

    def renew(self, rejected: Secret, *, claims: str | None = None) -> Secret:
        """A token other than `rejected`, which Graph refused: a new one, unless somebody renewed it
        meanwhile.

        `claims` is the JSON of a claims challenge, passed on to Entra ID once.
        """
        ...
