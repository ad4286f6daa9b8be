"""How each listing is shown. A listing without an entry here is shown by its declaration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.web.pages.inventory.hints import Presentation
from seatbeacon.web.pages.inventory.presentation import (
    applications,
    assignments,
    products,
    recommendations,
    usage,
)
from seatbeacon.web.pages.inventory.presentation.licenses import LICENSES
from seatbeacon.web.pages.inventory.presentation.users import USERS

if TYPE_CHECKING:
    from collections.abc import Mapping

PRESENTATIONS: Mapping[str, Presentation] = {
    "users": USERS,
    "licenses": LICENSES,
    "assignments": assignments.ASSIGNMENTS,
    "holders": assignments.HOLDERS,
    "applications": applications.APPLICATIONS,
    "entitlements": applications.ENTITLEMENTS,
    "application-users": applications.APPLICATION_USERS,
    "application-assignments": applications.APPLICATION_ASSIGNMENTS,
    "usage": usage.USAGE,
    "usage-matrix": usage.USAGE_MATRIX,
    "copilot": usage.COPILOT,
    "activations": usage.ACTIVATIONS,
    "mailboxes": usage.MAILBOXES,
    "onedrives": usage.ONEDRIVES,
    "sign-ins": usage.SIGN_INS,
    "subscriptions": products.SUBSCRIPTIONS,
    "service-plans": products.SERVICE_PLANS,
    "groups": products.GROUPS,
    "recommendations": recommendations.RECOMMENDATIONS,
    "decisions": recommendations.DECISIONS,
}

_PLAIN = Presentation(icon="list-details")


def presentation_of(listing: str) -> Presentation:
    """How `listing` is shown."""
    return PRESENTATIONS.get(listing, _PLAIN)
