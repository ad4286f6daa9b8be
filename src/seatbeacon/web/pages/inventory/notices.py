"""What a page tells of its data before it shows it: concealed names, datasets that are missing or stale."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seatbeacon.inventory.describe import DatasetState, Description

STALE = timedelta(days=3)
"""How much older than the import a dataset may be before the page says so."""

OLD = timedelta(days=7)
"""How old an import may be before the page says so."""

NAMES = {
    "organization": "the tenant",
    "users": "users",
    "subscribedSkus": "products",
    "subscriptions": "subscriptions (renewals)",
    "groups": "groups that assign licenses",
    "servicePrincipals": "enterprise applications",
    "appRoleAssignedTo": "assignments of enterprise applications",
    "signInActivity": "sign-ins",
    "activeUsers": "active users",
    "activations": "activations",
    "mailboxUsage": "mailbox usage",
    "emailActivity": "e-mail activity",
    "oneDriveUsage": "OneDrive usage",
    "oneDriveActivity": "OneDrive activity",
    "sharePointActivity": "SharePoint activity",
    "teamsActivity": "Teams activity",
    "teamsDevices": "Teams devices",
    "vivaEngageActivity": "Viva Engage activity",
    "copilotUsage": "Copilot usage",
}
_TITLES = {
    "denied": "Microsoft refused what this page needs",
    "unavailable": "Not every part of this page is available",
    "concealed": "Names are concealed in the usage reports",
    "failed": "A part of the last import failed",
}
_ICONS = {"denied": "lock", "unavailable": "info-circle", "concealed": "eye-off", "failed": "alert-circle"}
_KINDS = {"denied": "warning", "concealed": "warning", "failed": "error", "unavailable": "info"}


@dataclass(frozen=True)
class Notice:
    """`datasets` in words; `since` is the day that the data shown instead is of, None where there is none."""

    title: str
    kind: str
    icon: str
    datasets: tuple[str, ...]
    text: str
    remedy: str
    since: datetime | None = None


def dataset_notices(description: Description, wanted: Sequence[str], now: datetime) -> list[Notice]:
    """The notices of a page that shows the datasets `wanted` (names, or shapes such as appUsageD*).

    Datasets that ended alike, for one reason, stand in one notice.
    """
    states = [state for state in description.datasets if _is_wanted(state.dataset, wanted)]
    alike: dict[tuple[str, str, str], list[DatasetState]] = defaultdict(list)
    stale = []
    for state in states:
        if state.outcome in _TITLES:
            alike[state.outcome, state.remedy or "", _cause(state)].append(state)
        elif state.collected_at is not None and description.imported_at - state.collected_at > STALE:
            stale.append(state)
    notices = [_of_outcome(outcome, remedy, found) for (outcome, remedy, _), found in alike.items()]
    if stale:
        oldest = min(state.collected_at for state in stale if state.collected_at)
        notices.append(
            Notice(
                "Some of this is older than the last import",
                "warning",
                "clock",
                _names(stale),
                "The last imports did not bring them; what is shown was read earlier.",
                "Open the last import to see why.",
                oldest,
            )
        )
    if now - description.imported_at > OLD:
        notices.append(
            Notice(
                "The last import is more than a week old",
                "warning",
                "clock",
                (),
                "Microsoft 365 has changed since.",
                "Run an import, or put the connection on a schedule.",
                description.imported_at,
            )
        )
    return notices


def _is_wanted(dataset: str, wanted: Iterable[str]) -> bool:
    return any(fnmatchcase(dataset, shape) for shape in wanted)


def _cause(state: DatasetState) -> str:
    """What makes notices one: the permission that is missing, or the problem where nothing is to be done."""
    return state.permission or ("" if state.remedy else state.problem or "")


def _of_outcome(outcome: str, remedy: str, states: list[DatasetState]) -> Notice:
    dates = [state.collected_at for state in states if state.collected_at]
    return Notice(
        _TITLES[outcome],
        _KINDS[outcome],
        _ICONS[outcome],
        _names(states),
        states[0].problem or "",
        remedy,
        min(dates) if dates else None,
    )


def _names(states: Iterable[DatasetState]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(state.dataset) for state in states))


def _name(dataset: str) -> str:
    return "app usage" if dataset.startswith("appUsageD") else NAMES.get(dataset, dataset)
