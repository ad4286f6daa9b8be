"""Static files from the package: an address changes with its file's content, so each may be kept for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

VERSION_LENGTH = 12


class VersionedStorage(StaticFilesStorage):
    """Adds a hash of the content to each address. Nothing is collected: they come from the package."""

    def url(self, name: str | None, *arguments: Any, **options: Any) -> str:
        """The address of a static file. Raises ValueError where there is none of that name."""
        return f"{super().url(name, *arguments, **options)}?v={version_of(str(name))}"


@cache
def version_of(name: str) -> str:
    """The head of the SHA-256 of a static file. Raises ValueError where there is none."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise ValueError(f"There is no static file “{name}”. Was the front end built? Run: pip install -e .")  # noqa: TRY004 - a wrong name, not a wrong type
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:VERSION_LENGTH]
