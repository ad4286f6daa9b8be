"""Where savings are told in full, and the rows behind them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization import SAVING
from seatbeacon.web.pages.inventory.address import Asked
from seatbeacon.web.pages.inventory.presentation.recommendations import CONFIRMED, COUNTED


def savings_page(tenant: str, by: str) -> str:
    """The page of all savings by a column; `tenant` is empty where there is one tenant only."""
    return f"{reverse('savings')}?{urlencode({**({'tenant': tenant} if tenant else {}), 'by': by})}"


def recommendations_address(tenant: str, *filters: Filter) -> str:
    """The recommendations of the total under these filters."""
    return _list("recommendations", tenant, COUNTED, *map(str, filters))


def savings_address(tenant: str, column: str = "", value: str | None = None) -> str:
    """The recommendations that save something, of a value of a column, or all of a tenant's."""
    narrowed = [Filter(column, "=", value or None)] if column else []
    return recommendations_address(tenant, Filter("category", "=", SAVING), *narrowed)


def report_address(list_address: str) -> str:
    """The printable report of what an address of the list asks for."""
    asked = list_address.partition("?")[2].partition("#")[0]
    return f"{reverse('recommendations-report', args=['pdf'])}?{asked}"


def confirmed_address(tenant: str, *, rule: str = "", until: str = "") -> str:
    """What was done and confirmed, of a tenant; of a rule, and until a day."""
    filters = [str(Filter("rule", "=", rule))] if rule else []
    filters += [f"confirmed_at<={until}"] if until else []
    return _list("decisions", tenant, *CONFIRMED, *filters)


def day_address(tenant: str, day: str) -> str:
    """What was recommended on a day gone by; of all tenants where `tenant` is empty."""
    return f"{reverse('savings-day')}?{urlencode({**({'tenant': tenant} if tenant else {}), 'day': day})}"


def _list(route: str, tenant: str, *filters: str) -> str:
    return f"{reverse(route)}{Asked(tenant=tenant, filters=filters).address}#found"
