"""What the rules leave alone: exemptions, and people who are away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatbeacon.beacon.errors import InvalidDecision
from seatbeacon.beacon.models import Absence, Exempted
from seatbeacon.beacon.prices.products import known_products
from seatbeacon.beacon.savings.exemptions import add_absence, end_exemption, exempt, remove_absence
from seatbeacon.beacon.savings.rules import rule_book
from seatbeacon.beacon.settings import load_settings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.details.frame import Frame, framed
from seatbeacon.web.pages.exemptions.forms import ExemptionForm, LeaveForm

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse


@requires(Role.VIEWER)
@require_GET
@framed("Exemptions")
def exemptions(request: HttpRequest, frame: Frame) -> HttpResponse:
    """All exemptions and leaves of a tenant."""
    tenant = frame.chosen.tenant
    names = {sku: product.name for sku, product in known_products(load_settings()).items()}
    titles = rule_book(load_settings()).titles
    made = [
        (
            one,
            names.get(one.sku_id, one.sku_id),
            titles.get(one.rule, one.rule),
        )
        for one in Exempted.objects.filter(tenant=tenant).order_by("-made_at")
    ]
    context = frame.context() | {
        "title": "Exemptions",
        "lead": "What the rules leave alone. Days are compared with that of the import.",
        "back": reverse("recommendations"),
        "back_label": "Recommendations",
        "exemptions": made,
        "absences": list(Absence.objects.filter(tenant=tenant).order_by("-begins", "user_name")),
        "may_edit": isinstance(request.user, User) and request.user.allows(Role.OPERATOR),
        "tenant_query": f"?{urlencode({'tenant': tenant.pk})}" if frame.chosen.several else "",
    }
    return render(request, "exemptions/list.html", context)


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
@framed("New exemption")
def new(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Exempt something; `?user=`, `?product=` and `?rule=` fill the form."""
    initial = {key: request.GET[key][:256] for key in ("user", "product", "rule") if key in request.GET}
    products = known_products(load_settings())
    form = ExemptionForm(request.POST or None, initial=initial, file=frame.chosen.file, products=products)
    if request.method == "POST" and form.is_valid():
        try:
            exempt(frame.chosen.tenant.pk, form.given(), actor=actor_of(request))
        except InvalidDecision as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, "It is exempted.")
            return redirect(_list(frame))
    return _form(request, frame, "New exemption", "All that is given must match.", form)


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
@framed("Somebody is away")
def away(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Say that somebody is away."""
    form = LeaveForm(request.POST or None, file=frame.chosen.file)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            add_absence(
                frame.chosen.tenant.pk, said["user"], said["begins"], said["ends"], said["reason"],
                actor=actor_of(request), days_after=said["days_after"],
            )  # fmt: skip
        except InvalidDecision as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, f"{said['user'].name} is noted as away.")
            return redirect(_list(frame))
    lead = "Rules that judge by activity leave them alone meanwhile, and for some days after."
    return _form(request, frame, "Somebody is away", lead, form)


@requires(Role.OPERATOR)
@require_POST
def end(request: HttpRequest, exemption_id: int) -> HttpResponse:
    """End an exemption."""
    made = get_object_or_404(Exempted, pk=exemption_id)
    end_exemption(made, actor=actor_of(request))
    messages.success(request, "The exemption is ended: the rules look at it again.")
    return redirect(_back_to(made.tenant_id))


@requires(Role.OPERATOR)
@require_POST
def back(request: HttpRequest, absence_id: int) -> HttpResponse:
    """Remove a leave."""
    made = get_object_or_404(Absence, pk=absence_id)
    remove_absence(made, actor=actor_of(request))
    messages.success(request, f"The leave of {made.user_name} is removed.")
    return redirect(_back_to(made.tenant_id))


def _form(request: HttpRequest, frame: Frame, title: str, lead: str, form: forms.Form) -> HttpResponse:
    context: dict[str, Any] = frame.context() | {
        "title": title,
        "lead": lead,
        "back": _list(frame),
        "back_label": "Exemptions",
        "form": form,
    }
    return render(request, "exemptions/form.html", context, status=400 if form.errors else 200)


def _list(frame: Frame) -> str:
    return _back_to(frame.chosen.tenant.pk) if frame.chosen.several else reverse("exemptions")


def _back_to(tenant_id: str) -> str:
    return f"{reverse('exemptions')}?{urlencode({'tenant': tenant_id})}"
