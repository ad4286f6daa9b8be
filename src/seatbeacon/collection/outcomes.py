"""From what went wrong with one dataset to its outcome, told for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.collection.errors import DatasetError
from seatbeacon.collection.package.manifest import Outcome
from seatbeacon.graph.errors import (
    Cancelled,
    GraphError,
    NotFound,
    NotSupported,
    PermissionDenied,
    PremiumRequired,
    SignInError,
    Unauthorized,
)

if TYPE_CHECKING:
    from seatbeacon.collection.datasets import Dataset

ENDS_THE_RUN = (Cancelled, SignInError, Unauthorized)
"""With these nothing more can be read. So it is with a full disk and a foreign tenant, which are no
`DatasetError`."""

_UNAVAILABLE = (PremiumRequired, NotFound, NotSupported)

CONCEALED_PROBLEM = "Names are concealed in this report: every one is a hash, so it tells of nobody."
CONCEALED_REMEDY = (
    "In the Microsoft 365 admin center, a Global Administrator goes to Settings > Org settings > Services > "
    'Reports and clears "Display concealed user, group, and site names in all reports"; then import again.'
)


def outcome_of(error: GraphError | DatasetError, dataset: Dataset) -> dict[str, Any]:
    """The fields of a `DatasetRecord` that tell of `error`: outcome, problem, permission, role, remedy."""
    if isinstance(error, DatasetError):
        return {"outcome": Outcome.FAILED, "problem": error.message, "remedy": error.remedy}
    told: dict[str, Any] = {"problem": str(error), "remedy": error.remedy or None}
    if isinstance(error, PermissionDenied):
        permission = error.permission or dataset.permission
        return {
            **told,
            "outcome": Outcome.DENIED,
            "permission": permission,
            "role": error.role,
            "remedy": error.remedy or _how_to_allow(permission, dataset.role),
        }
    if isinstance(error, _UNAVAILABLE):
        return {**told, "outcome": Outcome.UNAVAILABLE}
    return {**told, "outcome": Outcome.FAILED}


def _how_to_allow(permission: str, role: str | None) -> str:
    consent = f"Grant the app the permission {permission} with an administrator's consent"
    if role is None:
        return f"{consent}."
    return f"{consent}; if a person signed in, assign {role} to the account that signed in."
