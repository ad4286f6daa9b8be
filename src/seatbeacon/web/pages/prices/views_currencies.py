"""The base currency, and the rates of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from seatbeacon.beacon.errors import InvalidPrice
from seatbeacon.beacon.models import Currency, ProductPrice
from seatbeacon.beacon.prices.services import base_currency, forget_rate, set_base, set_rate
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.prices.forms import BaseForm, RateForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def currencies(request: HttpRequest) -> HttpResponse:
    """The rates; the form sets one."""
    form = RateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_rate(form.cleaned_data["code"], form.cleaned_data["rate"], actor=actor_of(request))
        except InvalidPrice as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"The rate of {form.cleaned_data['code']} is set.")
            return redirect("currencies")
    return _page(request, form, BaseForm(initial={"code": base_currency()}))


@requires(Role.OPERATOR)
@require_POST
def base(request: HttpRequest) -> HttpResponse:
    """Tell costs and savings in another currency."""
    form = BaseForm(request.POST)
    if form.is_valid():
        set_base(form.cleaned_data["code"], actor=actor_of(request))
        messages.success(request, f"Costs and savings are told in {form.cleaned_data['code']} now.")
        return redirect("currencies")
    return _page(request, RateForm(), form)


@requires(Role.OPERATOR)
@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Remove a rate."""
    forget_rate(code[:3].upper(), actor=actor_of(request))
    messages.success(request, f"The rate of {code[:3].upper()} is removed.")
    return redirect("currencies")


def _page(request: HttpRequest, rate_form: RateForm, base_form: BaseForm) -> HttpResponse:
    code = base_currency()
    rates = Currency.objects.exclude(code=code).order_by("code")
    used = set(ProductPrice.objects.values_list("currency", flat=True).distinct())
    context = {
        "base": code,
        "rates": rates,
        "unrated": sorted(used - {code} - {one.code for one in rates}),
        "rate_form": rate_form,
        "base_form": base_form,
    }
    status = 400 if rate_form.errors or base_form.errors else 200
    return render(request, "prices/currencies.html", context, status=status)
