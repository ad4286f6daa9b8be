"""Where savings are told in full, and the rows behind them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from seatbeacon.optimization import SAVING


def savings_page(tenant: str, by: str) -> str:
    """The page of all savings by a column; `tenant` is empty where there is one tenant only."""
    return f"{reverse('savings')}?{urlencode({**({'tenant': tenant} if tenant else {}), 'by': by})}"


def savings_address(tenant: str, column: str = "", value: str | None = None) -> str:
    """The recommendations that save something, of a value of a column, or all of a tenant's."""
    pairs = {"tenant": tenant} if tenant else {}
    if column:
        pairs[column] = value or ""
    return f"{reverse('recommendations')}?{urlencode({**pairs, 'category': '|'.join(SAVING)})}#found"
