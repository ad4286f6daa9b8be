"""Versions in brief, kept beside their records: made with each version, or later where one lacks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec
from django.db.models import Exists, OuterRef

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.models import InventoryVersion, VersionBrief
from seatbeacon.inventory.errors import BadVersion
from seatbeacon.inventory.overview.brief import FORMAT, brief_of, decoded, encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seatbeacon.beacon.settings import Settings
    from seatbeacon.inventory.overview.brief import Brief

logger = logging.getLogger(__name__)

AT_ONCE = 500
"""Briefs that one query reads."""


def keep_brief(version: InventoryVersion, brief: Brief) -> None:
    """Keep the brief of `version`, in place of one that it had."""
    given = {"format": FORMAT, "body": encoded(brief)}
    VersionBrief.objects.update_or_create(version=version, defaults=given)


def kept_briefs(versions: Iterable[int]) -> Iterator[tuple[int, Brief]]:
    """The briefs of those of the versions (by number) that have one of today's format."""
    numbers = list(versions)
    for start in range(0, len(numbers), AT_ONCE):
        rows = VersionBrief.objects.filter(pk__in=numbers[start : start + AT_ONCE], format=FORMAT)
        for number, body in rows.values_list("pk", "body"):
            try:
                yield number, decoded(body)
            except msgspec.MsgspecError as error:
                logger.warning("The brief of version %s cannot be read, and is made anew: %s", number, error)


def keep_missing_briefs(settings: Settings, check_cancelled: Callable[[], None] | None = None) -> int:
    """Make the briefs of current versions that have none of today's format; answers how many.

    A version that cannot be read is told in the log: its tenant's pages say what to do. `check_cancelled`
    raises to stop between two.
    """
    made = 0
    kept = Exists(VersionBrief.objects.filter(pk=OuterRef("pk"), format=FORMAT))
    for version in InventoryVersion.objects.filter(~kept, current=True).order_by("pk"):
        if check_cancelled is not None:
            check_cancelled()
        try:
            brief = brief_of(version_path(settings, version))
        except BadVersion as error:
            logger.warning("Version %s cannot be read in brief: %s", version.pk, error)
            continue
        # It may have been pruned meanwhile.
        if InventoryVersion.objects.filter(pk=version.pk).exists():
            keep_brief(version, brief)
            made += 1
    return made
