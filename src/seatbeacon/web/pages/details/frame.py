"""What the pages of one thing have in common: whose inventory, as of when, and what it does not know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from seatbeacon.beacon.errors import BeaconError, BeingReckoned, NothingPublished
from seatbeacon.beacon.imports.days import want_day
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.errors import BadVersion, InvalidQuery
from seatbeacon.inventory.query import moment_of
from seatbeacon.optimization.errors import OptimizationError
from seatbeacon.web.pages.inventory.address import Asked, asked_by
from seatbeacon.web.pages.inventory.notices import dataset_notices
from seatbeacon.web.pages.inventory.opening import refresh_date
from seatbeacon.web.pages.inventory.sight import Sight
from seatbeacon.web.pages.inventory.tenants import Chosen, choose, published_tenants
from seatbeacon.web.pages.rules.reckoning import reckoning_page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse

    from seatbeacon.inventory.describe import Description

TREND_DAYS = 365


@dataclass(frozen=True)
class Frame:
    """An inventory that a page tells of. `as_of` is aware; None: as of the last import."""

    asked: Asked
    chosen: Chosen
    description: Description
    sight: Sight
    as_of: datetime | None

    def notices(self, datasets: Sequence[str]) -> list[Any]:
        """What is missing, concealed or stale of what the page shows."""
        return dataset_notices(self.description, datasets, datetime.now(UTC))

    def context(self, datasets: Sequence[str] = ()) -> dict[str, Any]:
        """What every such page's template needs."""
        return {
            "chosen": self.chosen,
            "asked": self.asked,
            "as_of": self.as_of,
            "notices": self.notices(datasets),
            "imported_at": self.description.imported_at,
            "refresh": self.sight.refresh,
            "tenant_named": self.chosen.tenant.pk,
            "as_of_query": f"as_of={self.asked.as_of}" if self.asked.as_of else "",
        }


def open_frame(request: HttpRequest) -> Frame:
    """The inventory of an address (`tenant`, `as_of`).

    Raises NothingPublished, NoSuchTenant, SeveralTenants, BadVersion and InvalidQuery.
    """
    asked = replace(asked_by(request.GET), search="", filters=(), sort=(), columns=(), group="")
    chosen = choose(asked.tenant)
    description = chosen.description
    as_of = moment_of(asked.as_of) if asked.as_of else None
    if as_of is not None:
        want_day(load_settings(), chosen.version, as_of)
    sight = Sight(chosen.named, asked.as_of, datetime.now(UTC).date(), refresh_date(description))
    return Frame(asked, chosen, description, sight, as_of)


def framed(title: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view of one thing: it is given a `Frame` after the request. What keeps it from being opened is said
    on a page called `title`."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
            context: dict[str, Any] = {"title": title, "here": request.path, "listing": {"about": ""}}
            try:
                return view(request, open_frame(request), *arguments, **options)
            except NothingPublished:
                return render(request, "inventory/nothing.html", context)
            except InvalidQuery as error:
                return render(request, "inventory/fault.html", context | {"fault": error}, status=400)
            except BeingReckoned as error:
                return reckoning_page(request, context | {"fault": error})
            except (BeaconError, BadVersion, OptimizationError) as error:
                context |= {"fault": error, "tenants": published_tenants()}
                return render(request, "inventory/fault.html", context, status=404)

        return opened

    return wrap


def trend_start(frame: Frame) -> Any:
    """The day from which trends are shown: a year before the import."""
    return (frame.description.imported_at - timedelta(days=TREND_DAYS)).date()
