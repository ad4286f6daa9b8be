"""The keys that seal secrets: from SEATBEACON_SECRET_KEYS, else from a file in the home made at first use."""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import os
import stat
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from seatbeacon.beacon.errors import BadSecretKeys
from seatbeacon.beacon.settings.loading import KEY_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings

KEY_BYTES = 32
KEY_ID_BYTES = 8


@dataclass(frozen=True)
class SecretKey:
    """One AES-256 key. Its id is the head of a SHA-256: it tells keys apart and nothing of the key."""

    value: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """`KEY_ID_BYTES` bytes that stand before everything this key sealed."""
        return hashlib.sha256(b"seatbeacon key id" + self.value).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True)
class KeyRing:
    """The keys in order: the first one seals, all of them open. `path` is the file they stand in, if any."""

    keys: tuple[SecretKey, ...]
    source: str
    path: Path | None = None

    @property
    def sealing(self) -> SecretKey:
        """The key that seals from now on."""
        return self.keys[0]

    def find(self, key_id: bytes) -> SecretKey | None:
        """The key with that id, or None where it is lost."""
        return next((key for key in self.keys if key.id == key_id), None)

    def now(self) -> KeyRing:
        """The ring as it stands in its file by now: the keys may have been rotated since it was read."""
        return self if self.path is None else read_key_file(self.path)


def load_key_ring(settings: Settings) -> KeyRing:
    """The key ring of this home; a first key is made where there is none. Raises BadSecretKeys."""
    if settings.secret_keys is not None:
        return parse_keys(settings.secret_keys, "SEATBEACON_SECRET_KEYS")
    path = settings.home / KEY_FILE
    if not path.exists():
        _make_key_file(path)
    return read_key_file(path)


def read_key_file(path: Path) -> KeyRing:
    """The key ring in `path`: a key per line. Raises BadSecretKeys."""
    _check_private(path)
    ring = parse_keys(path.read_text("ascii", errors="replace").replace("\n", ","), str(path))
    return replace(ring, path=path)


def write_key_file(path: Path, keys: Iterable[SecretKey]) -> None:
    """Put `keys` in place of what stands in `path`: at once, whole, and for its owner alone."""
    draft = _draft_beside(path, b"".join(base64.b64encode(key.value) + b"\n" for key in keys))
    draft.replace(path)
    _sync_folder(path.parent)


def new_key() -> SecretKey:
    """A key that nobody has seen."""
    return SecretKey(os.urandom(KEY_BYTES))


def parse_keys(text: str, source: str) -> KeyRing:
    """Keys in base64 (either alphabet), separated by commas. Raises BadSecretKeys, which names `source`."""
    keys = []
    for number, part in enumerate((part.strip() for part in text.split(",")), start=1):
        if not part:
            continue
        try:
            value = base64.b64decode(part.replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError):
            value = b""
        if len(value) != KEY_BYTES:
            message = (
                f"Key {number} in {source} is not {KEY_BYTES} bytes in base64. "
                "Make one with: openssl rand -base64 32"
            )
            raise BadSecretKeys(message)
        keys.append(SecretKey(value))
    if not keys:
        raise BadSecretKeys(f"{source} holds no key. Make one with: openssl rand -base64 32")
    return KeyRing(tuple(keys), source)


def _make_key_file(path: Path) -> None:
    """Make the file whole under another name, then link it: of two processes, both read the same winner."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft_beside(path, base64.b64encode(new_key().value) + b"\n")
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _draft_beside(path: Path, content: bytes) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _sync_folder(folder: Path) -> None:
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check_private(path: Path) -> None:
    if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        message = f"The secret keys in {path} can be read by others. Run: chmod 600 {path}"
        raise BadSecretKeys(message)
