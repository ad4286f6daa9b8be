"""Fonts of the machine for letters that the shipped one does not have.

Only free fonts that common systems install are looked for, by name. Indian scripts are not among them: their
letters change with their neighbours, and would be printed wrong without a shaping engine.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont, TTLibError

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/usr/share/fonts-droid-fallback"),
    Path("/opt/homebrew/share/fonts"),
    Path.home() / ".local" / "share" / "fonts",
    Path.home() / "Library" / "Fonts",
)
"""Where systems keep fonts."""
NAMES = (
    "NotoSansCJK-Regular.ttc",
    "wqy-microhei.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansLao-Regular.ttf",
    "NotoSansEthiopic-Regular.ttf",
    "NotoSansCherokee-Regular.ttf",
)
"""Fonts whose letters can be set one by one, the better ones first."""


def covering(missing: Iterable[int]) -> tuple[list[Path], set[int]]:
    """Fonts that have these code points between them, as far as the machine has any, and those that they
    have."""
    left, found, covered = set(missing), [], set[int]()
    for name in NAMES if left else ():
        path = _place(name)
        has = left & _letters(path) if path else set()
        if path and has:
            found.append(path)
            covered |= has
            left -= has
        if not left:
            break
    return found, covered


@lru_cache(maxsize=len(NAMES))
def _place(name: str) -> Path | None:
    return next((path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.rglob(name))), None)


@lru_cache(maxsize=len(NAMES))
def _letters(path: Path) -> frozenset[int]:
    try:
        with path.open("rb") as stream, TTFont(stream, fontNumber=0, lazy=True) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError):
        return frozenset()  # what is damaged helps nobody
