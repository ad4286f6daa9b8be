"""Make foreign text harmless where it is printed, on a screen or on paper: names come from a directory that
anybody may write."""

from __future__ import annotations

import unicodedata

_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
"""Needed to write Persian and several Indian scripts, and harmless."""


def neutral(text: str) -> str:
    """`text` without control characters, line breaks and changes of writing direction: each becomes `�`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("�" if _harmful(character) else character for character in text)


def neutral_line(text: str) -> str:
    """As `neutral`, with every run of white space as one blank: for messages."""
    return neutral(" ".join(text.split()))


def _harmful(character: str) -> bool:
    if character in _DIRECTIONS:
        return True
    category = unicodedata.category(character)
    return category in {"Cc", "Cs", "Zl", "Zp"} or (category == "Cf" and character not in _JOINERS)
