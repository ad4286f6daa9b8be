"""What an exception means for a person: what happened, and what to do."""

from __future__ import annotations

import errno
import sys
from dataclasses import dataclass

from seatbeacon.beacon.errors import BeaconError


@dataclass(frozen=True)
class Explained:
    """`foreseen` is False for what nobody thought of: a fault of ours, told by its type and text."""

    problem: str
    remedy: str = ""
    foreseen: bool = True


def explain(error: BaseException) -> Explained:
    """Explain `error`, of whichever room it is.

    Every error of ours is for people: its text says what happened; `remedy`, where it has one, what to do.
    """
    if isinstance(error, BeaconError):
        return Explained(str(error))
    if _ours(error):
        return _told_apart(error)
    if isinstance(error, OSError):
        return _system(error)
    database = sys.modules.get("django.db.utils")
    if database is not None and isinstance(error, database.OperationalError):
        return _database(str(error).strip())
    text = str(error).strip()
    return Explained(f"{type(error).__name__}: {text}" if text else type(error).__name__, foreseen=False)


def _ours(error: BaseException) -> bool:
    return any(base.__module__.startswith("seatbeacon.") for base in type(error).__mro__)


def _told_apart(error: BaseException) -> Explained:
    remedy = str(getattr(error, "remedy", "") or "")
    text = str(error).strip()
    if remedy and remedy in text:
        text = text.replace(remedy, "").strip()
    return Explained(_sentence(text), _sentence(remedy))


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?:…)”'\"" else f"{text}."


def _system(error: OSError) -> Explained:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Explained(f"The disk is full{where}.", "Free some space, then run the command again.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        remedy = "Check who owns it, or set SEATBEACON_HOME to a folder that can be written."
        return Explained(f"{error.strerror}{where}.", remedy)
    return Explained(f"{error.strerror or error}{where}.")


def _database(text: str) -> Explained:
    if "locked" in text:
        remedy = "Another process writes to it; run the command again."
        return Explained("The database stayed locked for too long.", remedy)
    if "full" in text:
        return Explained("The disk is full: the database cannot grow.", "Free some space, then try again.")
    return Explained(f"The database failed: {text}.", "Check DATABASE_URL and SEATBEACON_HOME.")
