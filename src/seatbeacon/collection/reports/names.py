"""Names in a usage report that are nobody's.

Microsoft conceals names by default: a user principal name becomes 32 upper-case hexadecimal digits; in 2021
some came as `<PII:H105(…)>@domain`. `(Unknown)` stands for users whose profile Microsoft has not made yet
(`facts/graph.md` §2.3 and §2.4).
"""

from __future__ import annotations

import re

UNKNOWN = "(Unknown)"
CONCEALED = re.compile(r"[0-9A-F]{32}|<PII:H\d+\([^)]*\)>(?:@.*)?")


def is_nobody(name: str) -> bool:
    """Whether a name is empty or Microsoft's word for somebody unknown."""
    return name in ("", UNKNOWN)


def is_concealed(name: str) -> bool:
    """Whether a name is a hash."""
    return CONCEALED.fullmatch(name) is not None
