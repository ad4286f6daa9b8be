"""Numbers of rows, as addresses hold them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Number = Annotated[int, Field(ge=1, le=(1 << 63) - 1)]
"""What a database can hold as a key."""
