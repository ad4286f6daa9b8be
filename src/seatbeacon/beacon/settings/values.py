"""From the text of an environment variable to a value. Each raises ValueError saying what is right."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def data_folder() -> Path:
    """The platform's folder for a program's data, such as ~/.local/share/seatbeacon."""
    from platformdirs import user_data_path  # noqa: PLC0415 - most homes are set: seldom needed

    return user_data_path("seatbeacon", appauthor=False)


def folder(text: str) -> Path:
    """A folder's absolute path; it need not exist yet."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        raise ValueError("is not a folder; give a path such as /var/lib/seatbeacon")
    return Path(text).expanduser().absolute()


def existing_file(kind: str) -> Callable[[str], Path]:
    """A reader of the absolute path of a file that is there; `kind` says which, such as `a PEM file`."""

    def parse(text: str) -> Path:
        path = Path(text).expanduser().absolute()
        if not path.is_file():
            raise ValueError(f"is not a file; give the path of {kind}")
        return path

    return parse


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ValueError(f"is not a whole number from {least} to {most}")
        return number

    return parse


def seconds(text: str) -> float:
    """Seconds: above 0 and at most a day."""
    number = _number(text)
    if not 0 < number <= 86_400:
        raise ValueError("is not a number of seconds above 0 and at most 86400")
    return number


def share(text: str) -> float:
    """A part of one: 0.2 is 20 %."""
    number = _number(text)
    if not 0 <= number <= 1:
        raise ValueError("is not a share from 0 to 1, such as 0.2 for 20 %")
    return number


def memory(text: str) -> str:
    """An amount of memory as DuckDB writes it."""
    if not re.fullmatch(r"[1-9]\d{0,5}(\.\d+)?\s?(MB|GB|MiB|GiB)", text):
        raise ValueError("is not an amount of memory such as 600MB or 2GB")
    return text


def bytes_of(amount: str) -> int:
    """The bytes of an amount that `memory` has passed: 600MB are 600,000,000, 2GiB 2,147,483,648."""
    number, unit = re.fullmatch(r"([\d.]+)\s?(\w+)", amount).groups()  # type: ignore[union-attr]
    return round(float(number) * {"MB": 1e6, "GB": 1e9, "MiB": 2**20, "GiB": 2**30}[unit])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def web_address(text: str) -> str:
    """The address under which people reach the pages: scheme and host, without a path."""
    match = re.fullmatch(r"(https?)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?/?", text)
    if match is None:
        raise ValueError("is not an address such as https://beacon.example")
    return text.rstrip("/").lower()


def host_names(text: str) -> tuple[str, ...]:
    """Host names separated by commas; `*.example` is written `.example`."""
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    if not names or not all(re.fullmatch(r"\.?[a-z0-9_.-]+|\[[0-9a-f:]+\]|\*", name) for name in names):
        raise ValueError("is not a list of host names such as beacon.example,localhost")
    return names


def one_of(*choices: str) -> Callable[[str], str]:
    """A reader of one word among `choices`, in whichever case."""

    def parse(text: str) -> str:
        word = text.strip().lower()
        if word not in choices:
            raise ValueError(f"is not one of: {', '.join(choices)}")
        return word

    return parse


def endpoint(text: str) -> str:
    """An https address, or http on this machine."""
    local = r"http://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?(/\S*)?"
    if not re.fullmatch(rf"https://[^\s/@]+(/\S*)?|{local}", text):
        raise ValueError("is not an https address")
    return text
