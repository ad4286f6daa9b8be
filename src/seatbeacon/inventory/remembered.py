"""What was computed for a version, kept: a version never changes."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from seatbeacon.inventory.pool import identity

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

T = TypeVar("T")

_MOST = 2_000  # answers kept: counts, groups and summaries, mostly a few kilobytes each
_LARGE = 16_384  # bytes from which an answer is one of the large ones
_MOST_LARGE = 256  # large answers kept: pages, a thousand groups, who of a million users was found


@dataclass
class _Answer:
    lock: threading.Lock = field(default_factory=threading.Lock)
    value: Any = None
    known: bool = False


_answers: OrderedDict[tuple[object, Hashable], _Answer] = OrderedDict()
_large: deque[tuple[object, Hashable]] = deque()
_lock = threading.Lock()


def remembered(version_file: Path, what: Hashable, compute: Callable[[], T]) -> T:
    """The answer to `what` for a version: computed once, then kept while it is asked for.

    `what` names the computation and all it depends on beside the version. Threads that ask at the same time
    wait for the one that computes. The answer is shared: nobody may change it. Keep answers below some
    hundred kilobytes: it is their number that is bounded, of large ones to fewer. Raises what `compute`
    raises, which is not kept, and `BadVersion` where there is no such version.
    """
    key = (identity(version_file), what)
    with _lock:
        answer = _answers.setdefault(key, _Answer())
        _answers.move_to_end(key)
        while len(_answers) > _MOST:
            _answers.popitem(last=False)
    with answer.lock:
        if not answer.known:
            answer.value = compute()
            answer.known = True
            if _size(answer.value) >= _LARGE:
                _keep_large(key)
    return cast("T", answer.value)


def _size(value: object) -> int:
    """About how many bytes an answer takes."""
    if isinstance(value, (bytes, str)):
        return len(value)
    return sum(map(_size, value)) if isinstance(value, (list, tuple)) else 32


def _keep_large(key: tuple[object, Hashable]) -> None:
    """Count a large answer; forget the one that has been there longest where they are too many."""
    with _lock:
        _large.append(key)
        while len(_large) > _MOST_LARGE:
            _answers.pop(_large.popleft(), None)


def forget_all() -> None:
    """Forget every answer."""
    global _lock  # noqa: PLW0603 - a forked child needs a lock that nobody holds
    _lock = threading.Lock()
    _answers.clear()
    _large.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget_all)
