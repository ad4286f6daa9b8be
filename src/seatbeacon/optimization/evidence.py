"""What may be judged by: which reports are there and fresh, and why others are not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from seatbeacon.inventory.applications import applications

if TYPE_CHECKING:
    from collections.abc import Mapping

APPS = "appUsageD180"
"""The app usage report that tells whether an app was used at all, as far back as Microsoft remembers."""
ACTIVE, MAILBOXES, ONEDRIVES, SIGN_INS = "activeUsers", "mailboxUsage", "oneDriveUsage", "signInActivity"
_WORDS = {
    "denied": "was denied",
    "unavailable": "is not available in this tenant",
    "concealed": "conceals names",
    "failed": "failed",
    "collected": "came without rows",
}


@dataclass(frozen=True)
class DatasetState:
    """One row of `dataset_state`: how the last attempt ended, and the date of the last good data."""

    outcome: str
    refresh_date: date | None
    collected_on: date | None
    problem: str | None = None
    remedy: str | None = None


@dataclass(frozen=True)
class Evidence:
    """The datasets of a version, looked at on the day of its import. `fresh_days` as in `Settings`."""

    states: Mapping[str, DatasetState]
    imported_on: date
    fresh_days: int

    def collected(self, dataset: str) -> bool:
        """Whether a dataset was ever collected."""
        state = self.states.get(dataset)
        return state is not None and state.collected_on is not None

    def told_on(self, dataset: str) -> date | None:
        """The day that a dataset tells up to; None where it is missing, concealed or stale."""
        state = self.states.get(dataset)
        if state is None or state.collected_on is None:
            return None
        day = state.refresh_date or (state.collected_on if dataset == SIGN_INS else None)
        fresh = day is not None and day >= self.imported_on - timedelta(days=self.fresh_days)
        return day if fresh else None

    def application_told_on(self, name: str) -> date | None:
        """The day up to which an application's use is known: the latest of its reports; of the apps, that
        of the longest period."""
        days = [self.told_on(each) for each in self.reports_of(name)]
        return max((day for day in days if day is not None), default=None)

    @staticmethod
    def reports_of(name: str) -> tuple[str, ...]:
        """The reports of which one is enough to know an application's use."""
        reports = next((each.reports for each in applications() if each.name == name), ())
        return (APPS,) if APPS in reports else reports

    def anything_told_on(self) -> date | None:
        """The day up to which it is known whether somebody did anything at all."""
        days = [self.told_on(ACTIVE), self.told_on(APPS)]
        return min(day for day in days if day) if all(days) else None

    def why_not(self, dataset: str) -> str:
        """In a sentence: why a dataset cannot be judged by, and what to do."""
        state = self.states.get(dataset)
        if state is None:
            return f"{dataset} was not collected."
        if state.outcome != "collected" or state.collected_on is None:
            said = f"{dataset} {_WORDS.get(state.outcome, state.outcome)}"
            dated = f"; its last good data is of {state.refresh_date}" if state.refresh_date else ""
            return " ".join(part for part in (f"{said}{dated}.", state.remedy) if part)
        return f"{dataset} is stale: it ends on {state.refresh_date}, {self.fresh_days} days or more ago."

    def shorter_shift(self, within: int) -> int:
        """How many days before the refresh date an app was last used at the latest, if a report for `within`
        days says yes and those for shorter periods say no: 0 where a shorter one is missing."""
        shorter = {7: None, 30: 7, 90: 30, 180: 90}[within]
        if shorter is None:
            return 0
        long, short = self.states.get(f"appUsageD{within}"), self.states.get(f"appUsageD{shorter}")
        same = long is not None and short is not None and long.refresh_date == short.refresh_date
        return shorter if same else 0
