"""What people decide and the engine takes into account: exemptions, leave, thresholds."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seatbeacon.optimization.prices import PriceBook

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path


@dataclass(frozen=True)
class Exemption:
    """What is not to be recommended, until a day (included; None: for good).

    Every field that is given must match, and one at least must be given. `group_id` is a group that assigns
    licenses: it exempts those who hold a license by it. `department` compares without regard to case.
    """

    user_id: str | None = None
    group_id: str | None = None
    department: str | None = None
    sku_id: str | None = None
    rule: str | None = None
    until: date | None = None


@dataclass(frozen=True)
class Leave:
    """Somebody is away from a day to a day (both included): rules that judge by activity leave them alone
    meanwhile, and for so many `days_after`; `Settings.grace_days` unless given."""

    user_id: str
    begins: date
    ends: date | None = None
    days_after: int | None = None


@dataclass(frozen=True)
class Settings:
    """How rules are set for a tenant.

    `off` are ids of rules that are switched off; `thresholds` values by rule id and threshold name, where
    they differ from the rule's own. `fresh_days`: a report that ends earlier than so many days before the
    import is stale, and nothing is judged by it. `grace_days`: accounts younger than that are joiners, left
    alone by rules that judge by activity.
    """

    off: frozenset[str] = frozenset()
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    fresh_days: int = 10
    grace_days: int = 30


@dataclass(frozen=True)
class Inputs:
    """All that recommendations depend on besides the inventory.

    `left` are ids of users whom the organisation's own data says have left. `rule_folders` hold rules of the
    organisation's own; `product_folders` its own families. `on` is the day on which exemptions and prices are
    looked at; None is the day of the import.
    """

    prices: PriceBook = field(default_factory=PriceBook)
    exemptions: tuple[Exemption, ...] = ()
    leaves: tuple[Leave, ...] = ()
    left: frozenset[str] = frozenset()
    settings: Settings = field(default_factory=Settings)
    rule_folders: tuple[Path, ...] = ()
    product_folders: tuple[Path, ...] = ()
    catalog: Path | None = None
    on: date | None = None

    def digest(self, *more: str) -> str:
        """A short hash that differs where anything differs, files of the folders included."""
        parts = [repr(self.prices), repr(self.exemptions), repr(self.leaves), repr(sorted(self.left))]
        settings = self.settings
        parts += [repr(sorted(settings.off)), repr(settings.fresh_days), repr(settings.grace_days)]
        parts += [repr(sorted((rule, sorted(each.items())) for rule, each in settings.thresholds.items()))]
        parts += [repr(self.on), *more]
        for folder in (*self.rule_folders, *self.product_folders):
            for path in sorted(folder.glob("*.toml")):
                with suppress(OSError):  # whoever reads it tells
                    parts.append(path.read_text("utf-8", "replace"))
        if self.catalog is not None and self.catalog.exists():
            parts.append(hashlib.sha256(self.catalog.read_bytes()).hexdigest())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
