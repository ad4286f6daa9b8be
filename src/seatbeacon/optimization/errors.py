"""What can go wrong in optimization.

OptimizationError               .message what happened and where, .remedy what to do next
├── BadRule                     a rule file that cannot be read, or says what no rule can say
├── BadProducts                 a file of product families that cannot be read
├── BadThreshold                a threshold that a rule does not have, or a value outside its bounds
└── BadPrice                    a price, rate or currency that cannot be used
"""

# ruff: noqa: N818 - an error is named for what happened, and the base says that it is one

from __future__ import annotations


class OptimizationError(Exception):
    """Base of everything that `seatbeacon.optimization` raises itself. `str()` is the message and the
    remedy."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class BadRule(OptimizationError):
    """A rule file that cannot be read, or says what no rule can say; the message names file and field."""


class BadProducts(OptimizationError):
    """A file of product families that cannot be read; the message names file and field."""


class BadThreshold(OptimizationError):
    """A threshold that a rule does not have, or a value outside its bounds."""


class BadPrice(OptimizationError):
    """A price, rate or currency that cannot be used."""
