"""The applications that usage is told of, as `applications.toml` declares them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PLATFORMS = ("All", "Windows", "Mac", "Mobile", "Web", "iOS", "Android", "Linux", "ChromeOS", "Windows Phone")
"""Every platform that a usage row may name; *All* is the application as a whole."""
_SERVICES = ("Exchange", "SharePoint", "OneDrive", "Viva Engage", "Copilot")
_APPS = ("Outlook", "Word", "Excel", "PowerPoint", "OneNote")
_APP_PLATFORMS = ("Windows", "Mac", "Mobile", "Web")

SLOTS: tuple[tuple[str, str], ...] = (
    *((service, "All") for service in _SERVICES),
    *(("Teams", platform) for platform in PLATFORMS),
    *((app, platform) for app in _APPS for platform in ("All", *_APP_PLATFORMS)),
    *((product, "All") for product in ("Power BI", "Visio", "Project")),
)
"""Every pair of application and platform that anything is known of. New ones go to the end; at most 62."""

APP_USAGE_CELLS: dict[str, tuple[str, str]] = {
    **{app: (app, "All") for app in _APPS},
    **{f"{app} ({platform})": (app, platform) for app in (*_APPS, "Teams") for platform in _APP_PLATFORMS},
}
"""Header of the app usage report to what its *Yes* tells. Of Teams only platforms: its dates come from
elsewhere."""


@dataclass(frozen=True)
class Application:
    """`plans` and `excluded` are patterns of service-plan names; `reports` the datasets that tell of its
    use."""

    name: str
    kind: str
    plans: tuple[str, ...]
    excluded: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()


@cache
def applications() -> tuple[Application, ...]:
    """All declared applications, in the order of the file."""
    text = files("seatbeacon.inventory").joinpath("applications.toml").read_text("utf-8")
    return tuple(
        Application(
            each["name"],
            each["kind"],
            tuple(each["plans"]),
            tuple(each.get("excluded", ())),
            tuple(each.get("reports", ())),
        )
        for each in tomllib.loads(text)["application"]
    )
