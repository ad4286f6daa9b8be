"""Prices: list, form, deletion, and the products that have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatbeacon.beacon.errors import InvalidPrice
from seatbeacon.beacon.models import Currency, ProductPrice
from seatbeacon.beacon.prices.missing import products_without_price
from seatbeacon.beacon.prices.products import KnownProduct, known_products, product_of
from seatbeacon.beacon.prices.services import base_currency, delete_price, save_price
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.prices.forms import PriceForm
from seatbeacon.web.tables import sorted_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SORTS = {
    "product": ("sku_id", "valid_from"),
    "amount": ("amount",),
    "currency": ("currency", "amount"),
    "tenant": ("tenant__display_name", "sku_id"),
    "valid_from": ("valid_from", "sku_id"),
    "valid_to": ("valid_to", "sku_id"),
    "changed": ("changed_at",),
}


@dataclass(frozen=True)
class Shown:
    """A price with its product's name. `rated`: its currency is the base, or has a rate."""

    price: ProductPrice
    product: KnownProduct
    rated: bool


@requires(Role.VIEWER)
@require_GET
def prices(request: HttpRequest) -> HttpResponse:
    """All prices; a search looks into the products' names, part numbers and ids."""
    products = known_products(load_settings())
    search = request.GET.get("q", "").strip()[:200]
    rows = ProductPrice.objects.select_related("tenant")
    if search:
        words = search.casefold().split()
        rows = rows.filter(sku_id__in=[sku for sku, one in products.items() if _matches(one, words)])
    listing = sorted_page(request, rows, SORTS, default="-changed")
    rated = {base_currency(), *Currency.objects.values_list("code", flat=True)}
    context = {
        "listing": listing,
        "rows": [Shown(row, product_of(products, row.sku_id), row.currency in rated) for row in listing.page],
        "search": search,
        "missing": len(products_without_price(products)),
        "base": base_currency(),
        "may_edit": _may_edit(request),
    }
    return render(request, "prices/list.html", context)


@requires(Role.VIEWER)
@require_GET
def missing(request: HttpRequest) -> HttpResponse:
    """The products that tenants hold and that have no price today."""
    products = products_without_price(known_products(load_settings()))
    return render(request, "prices/missing.html", {"products": products, "may_edit": _may_edit(request)})


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Type in a price; `?product=` fills the product."""
    initial = {"currency": base_currency()}
    product = known_products(load_settings()).get(request.GET.get("product", "").lower())
    if product is not None:
        initial["product"] = product.name
    return _form(request, None, initial)


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, price_id: int) -> HttpResponse:
    """Change a price."""
    price = get_object_or_404(ProductPrice, pk=price_id)
    product = product_of(known_products(load_settings()), price.sku_id)
    initial = {
        "product": product.sku_id,
        "amount": f"{price.amount.normalize():f}",
        "currency": price.currency,
        "per": price.per,
        "tenant": price.tenant_id or "",
        "valid_from": price.valid_from,
        "valid_to": price.valid_to,
        "note": price.note,
    }
    return _form(request, price, initial, product.name)


@requires(Role.OPERATOR)
@require_POST
def delete(request: HttpRequest, price_id: int) -> HttpResponse:
    """Remove a price."""
    price = get_object_or_404(ProductPrice, pk=price_id)
    name = product_of(known_products(load_settings()), price.sku_id).name
    delete_price(price, actor=actor_of(request))
    messages.success(request, f"The price of {name} is deleted.")
    return redirect("prices")


def _form(
    request: HttpRequest, price: ProductPrice | None, initial: dict[str, Any], title: str = ""
) -> HttpResponse:
    products = known_products(load_settings())
    form = PriceForm(request.POST or None, initial=initial, products=products)
    if request.method == "POST" and form.is_valid():
        try:
            save_price(form.given(), actor=actor_of(request), price=price)
        except InvalidPrice as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"The price of {form.cleaned_data['product'].name} is saved.")
            return redirect("prices")
    context = {
        "form": form,
        "price": price,
        "title": title,
        # Those in use first: a browser shows them in this order.
        "products": sorted(products.values(), key=lambda one: (-one.seats, one.name)),
    }
    return render(request, "prices/form.html", context, status=400 if form.errors else 200)


def _matches(product: KnownProduct, words: list[str]) -> bool:
    text = f"{product.name} {product.part_number} {product.sku_id}".casefold()
    return all(word in text for word in words)


def _may_edit(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.allows(Role.OPERATOR)
