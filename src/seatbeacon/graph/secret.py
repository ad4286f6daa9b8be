"""A string that does not print."""

from __future__ import annotations

import hmac
from typing import NoReturn, Self

MASK = "********"


class Secret:
    """A password, token or key. Printing, formatting, logging or serialising it yields a mask or an error.

    `reveal()` is the one way to the text, so that a search for it lists every place where a secret leaves us.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Wrap `text`. Anything but a string is a TypeError, bytes above all: they would be compared
        wrongly."""
        if not isinstance(text, str):
            raise TypeError("A secret is a string.")
        object.__setattr__(self, "_text", text)

    def reveal(self) -> str:
        """The text itself. Hand it to what needs it and keep it nowhere else."""
        text: str = object.__getattribute__(self, "_text")
        return text

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Secrets do not change; a rotated one is another one."""
        raise AttributeError("A secret cannot be changed.")

    def __repr__(self) -> str:
        """The mask, whatever the length of the text."""
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """The mask, in every format."""
        return MASK

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return bool(self.reveal())

    def __eq__(self, other: object) -> bool:
        """Compare in constant time, with another secret only."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.reveal().encode(), other.reveal().encode())

    def __hash__(self) -> int:
        """Equal secrets hash alike."""
        return hash((Secret, self.reveal()))

    def __copy__(self) -> Self:
        """Itself: it cannot change."""
        return self

    def __deepcopy__(self, memo: object) -> Self:
        """Itself: it cannot change."""
        return self

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: a pickle is a file or a queue message in clear text."""
        raise TypeError("A secret cannot be pickled; encrypt what reveal() returns.")


def mask(text: str, *secrets: Secret | None) -> str:
    """`text` with every occurrence of the given secrets replaced, for words that others wrote."""
    for secret in secrets:
        if secret:
            text = text.replace(secret.reveal(), MASK)
    return text
