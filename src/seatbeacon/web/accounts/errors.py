"""What accounts refuse."""

# ruff: noqa: N818 - an error is named for what happened, and the base says that it is one

from __future__ import annotations


class AccountError(Exception):
    """Something a person must know. The text is the message."""


class LastAdministrator(AccountError):
    """The last active administrator can be neither demoted nor deactivated."""


class LinkSpent(AccountError):
    """The one-time link was used, or is past its day."""


class InvalidToken(AccountError):
    """A token cannot be made so. `field` is the form's."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
