from __future__ import annotations

import re
from pathlib import Path

import pytest

import seatbeacon.web
from seatbeacon.web.navigation import GROUPS
from seatbeacon.web.words import OUTCOMES, STATES

WEB = Path(seatbeacon.web.__file__).parent
ROOT = WEB.parents[2]
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB / "templates")))
def test_a_template_holds_no_inline_script_or_style(path: Path) -> None:
    assert not INLINE.search(path.read_text("utf-8"))


def test_every_icon_that_pages_use_is_shipped() -> None:
    shipped = set((ROOT / "frontend" / "icons.txt").read_text("utf-8").split())
    used = {entry.icon for group in GROUPS for entry in group.entries}
    used |= {look.icon for look in [*STATES.values(), *OUTCOMES.values()]}
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        used |= set(re.findall(r'{% icon "([^"]+)"', text)) | set(re.findall(r'symbol="([^"]+)"', text))
        used |= set(re.findall(r'{% badge \S+ "[^"]*" "([^"]+)"', text))
        used |= set(re.findall(r'{% badge "[^"]*" "[^"]*" "([^"]+)"', text))
    assert used <= shipped


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (ROOT / "frontend" / "package-lock.json").read_text("utf-8")
