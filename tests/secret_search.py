"""Looks for secrets where none may be: as they are, and in the forms that something might have made of them.

Secrets of tests are `planted`: they have a mark, so that after all tests whatever was left on the disk can be
searched for it. What the simulated tenant issues is known by how it begins.
"""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MARK = "planted-5e7b"
MARKS = {
    "secret of a test": MARK,
    "access token": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImtpZCI6InNlYXRiZWFjb24tc2ltdWxhdG9yIn0.",
    "refresh token": "1.eyJjbGllbnQiOi",
    "client secret": "sim8Q~",
    "private key": "PRIVATE KEY-----",
}
"""What secrets of tests begin with, or contain."""
INPUTS = frozenset({".pem", ".pfx", ".key", ".secret"})
"""Suffixes of files that tests give a beacon; they lie outside of its home."""
HOME_FILE = "seatbeacon.sqlite3"
FOUND: list[str] = []
"""What was found so far in this process, in what is gone before its end."""


def planted(name: str) -> str:
    """A secret that is known again wherever it turns up."""
    return f"{MARK}-{name}"


def forms(text: str) -> dict[str, bytes]:
    """`text` as it is, and as it might have been written; forms that are the same stand there once."""
    raw = text.encode()
    found = {
        "as it is": raw,
        "in UTF-16": text.encode("utf-16-le"),
        "in hexadecimal": raw.hex().encode(),
        "in capital hexadecimal": raw.hex().upper().encode(),
        "as a path": quote(text, safe="").encode(),
        "as a form": quote_plus(text).encode(),
        "in JSON": json.dumps(text)[1:-1].encode(),
        "in HTML": html.escape(text).encode(),
    }
    for before in range(3):
        # Whatever stands before and after it: the characters that depend on that are left out.
        whole = base64.b64encode(b"\0" * before + raw).rstrip(b"=")
        inner = whole[(0, 2, 3)[before] : len(whole) - bool((before + len(raw)) % 3)]
        found[f"in base64, {before}"] = inner
        found[f"in base64 for addresses, {before}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    once: dict[bytes, str] = {}
    for form, written in found.items():
        once.setdefault(written, form)
    return {form: written for written, form in once.items()}


@dataclass(frozen=True)
class Search:
    """Looks for secrets: by what each is called, the text or the beginning of it."""

    secrets: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse to look for what is everywhere (ValueError)."""
        for name, text in self.secrets.items():
            if len(text) < 6:
                raise ValueError(f"{name} is too short to be known again: {text}")
        wanted = [
            (name, form, written)
            for name, text in self.secrets.items()
            for form, written in forms(text).items()
        ]
        object.__setattr__(self, "_wanted", wanted)

    def text(self, where: str, told: str | bytes) -> list[str]:
        """What is found in `told`, each as a sentence that says where, and never the secret."""
        raw = told.encode() if isinstance(told, str) else told
        return [f"{where} holds a {name} {form}" for name, form, wanted in self._wanted if wanted in raw]  # type: ignore[attr-defined] # made above

    def file(self, path: Path) -> list[str]:
        """What is found in a file, or in what is packed in it; nothing where it is gone by now."""
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return []
        return [line for told in _unpacked(raw) for line in self.text(str(path), told)]

    def folder(self, folder: Path) -> list[str]:
        """What is found in the files below `folder`, but for those that tests gave."""
        homes: dict[Path, bool] = {}
        found = []
        for path in _files(folder):
            if path.suffix in INPUTS and not _in_a_home(path.parent, folder, homes):
                continue
            found += self.file(path)
        return found


def search_before_it_goes(folder: Path) -> None:
    """Search a folder that is about to be removed; what is found fails the run when it is over."""
    FOUND.extend(Search(MARKS).folder(folder))


def _files(folder: Path) -> Iterator[Path]:
    # What goes away meanwhile, a folder too, is not looked for: nothing of it is left.
    found = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
    return (path for path in found if path.is_file() and not path.is_symlink())


def _in_a_home(folder: Path, top: Path, known: dict[Path, bool]) -> bool:
    if folder not in known:
        above = folder != top and _in_a_home(folder.parent, top, known)
        known[folder] = above or (folder / HOME_FILE).exists()
    return known[folder]


def _unpacked(raw: bytes) -> Iterable[bytes]:
    yield raw
    if raw.startswith(b"PK\x03\x04") and zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield from _unpacked(archive.read(name))
    elif raw.startswith(b"\x1f\x8b"):
        try:
            yield from _unpacked(gzip.decompress(raw))
        except (OSError, EOFError):
            return
