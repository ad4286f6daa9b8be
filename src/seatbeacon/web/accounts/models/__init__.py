"""The tables of accounts."""

from seatbeacon.web.accounts.models.link import OneTimeLink, Purpose
from seatbeacon.web.accounts.models.token import ApiToken
from seatbeacon.web.accounts.models.user import Theme, User

__all__ = ["ApiToken", "OneTimeLink", "Purpose", "Theme", "User"]
