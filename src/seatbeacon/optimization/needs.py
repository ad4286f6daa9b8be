"""What a user is seen to need, as a bit per capability: the SQL that says so over `persons` (p)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seatbeacon.optimization.evidence import APPS

if TYPE_CHECKING:
    from datetime import date

    from seatbeacon.optimization.evidence import Evidence
    from seatbeacon.optimization.families import Capability, Families

_GIGABYTE = 1 << 30
UNKNOWN = "TRUE"
"""What cannot be told is taken as needed."""


def needs_sql(families: Families, evidence: Evidence, slots: dict[str, int], days: int) -> str:
    """An expression: the mask of capabilities used in the last `days` days of the reports, or unknown.

    All in it is ours: slots of applications, dates of reports, a number of days.
    """
    terms = [
        f"CASE WHEN {_seen(each, evidence, slots, days)} THEN {1 << place} ELSE 0 END"
        for place, each in enumerate(families.capabilities)
        if each.seen is not None
    ]
    return f"({' + '.join(terms) or '0'})::BIGINT"


def _seen(capability: Capability, evidence: Evidence, slots: dict[str, int], days: int) -> str:
    def used(*applications: str) -> list[str]:
        return [
            _after(f"p.d{slots[each]}", evidence.application_told_on(each), days) for each in applications
        ]

    apps, size = evidence.told_on(APPS), capability.above_gb * _GIGABYTE
    terms = {
        "desktop apps": [_after("p.desktop_on", apps, days)],
        "web apps": [_after("p.web_on", apps, days)],
        "mail": [*used("Exchange"), "coalesce(p.mailbox_bytes > 0, TRUE)"],
        "mailbox size": [f"coalesce(p.mailbox_bytes > {size}, TRUE)"],
        "mail archive": ["coalesce(p.archive, TRUE)"],
        "teams": used("Teams"),
        "files": [*used("SharePoint", "OneDrive"), "coalesce(p.onedrive_bytes > 0, TRUE)"],
        "file size": [f"coalesce(p.onedrive_bytes > {size}, TRUE)"],
        "viva engage": used("Viva Engage"),
    }
    return " OR ".join(terms[str(capability.seen)])


def _after(column: str, told_on: date | None, days: int) -> str:
    if told_on is None:
        return UNKNOWN
    return f"coalesce({column} > DATE '{told_on.isoformat()}' - {days}, FALSE)"
