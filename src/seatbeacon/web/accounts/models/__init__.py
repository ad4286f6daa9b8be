"""The tables of accounts."""

from seatbeacon.web.accounts.models.link import OneTimeLink, Purpose
from seatbeacon.web.accounts.models.user import Theme, User

__all__ = ["OneTimeLink", "Purpose", "Theme", "User"]
