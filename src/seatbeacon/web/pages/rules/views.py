"""The rules as they are set, for all tenants or one; and setting them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from seatbeacon.beacon.errors import InvalidDecision
from seatbeacon.beacon.models import Reckoning
from seatbeacon.beacon.savings.rule_settings import (
    Standing,
    judge_again,
    reset_rule,
    set_rule,
    standing_of,
    standings,
)
from seatbeacon.beacon.savings.rules import rule_book
from seatbeacon.beacon.savings.trend import Sums, newest_by_rule
from seatbeacon.beacon.settings import load_settings
from seatbeacon.inventory.filters import Filter
from seatbeacon.optimization.phrases import plain
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.models import User
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.inventory.tenants import published_tenants
from seatbeacon.web.pages.recommendations.addresses import recommendations_address
from seatbeacon.web.pages.rules.forms import RuleForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from seatbeacon.beacon.models import Tenant
    from seatbeacon.optimization import RuleBook

GENERAL_TITLE = "For all rules"


@dataclass(frozen=True)
class Place:
    """What the page is of: a tenant, or (None) all of them. `tenants` are all that may be chosen; there is no
    choice where there is one only, and rules are set for all then."""

    tenant: Tenant | None
    tenants: tuple[Tenant, ...]

    @property
    def tenant_id(self) -> str | None:
        """The tenant's id; None for all."""
        return self.tenant.pk if self.tenant else None

    @property
    def query(self) -> str:
        """What an address of this place ends with."""
        return f"?{urlencode({'tenant': self.tenant.pk})}" if self.tenant else ""

    @property
    def wider(self) -> str:
        """Where what is not set here comes from."""
        return "as for all tenants" if self.tenant else "as the rule says"

    @property
    def judged(self) -> str | None:
        """The tenant whose recommendations can be told of here."""
        if self.tenant:
            return self.tenant.pk
        return self.tenants[0].pk if len(self.tenants) == 1 else None


@dataclass(frozen=True)
class Row:
    """A rule as it is set, and what it found last. `numbers` are its thresholds in words."""

    standing: Standing
    sentence: str
    numbers: tuple[tuple[str, str, bool], ...]
    sums: Sums | None
    address: str
    found_address: str


@requires(Role.VIEWER)
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules as they are set for all tenants, or for `?tenant=`."""
    place, book = _place(request), rule_book(load_settings())
    found = newest_by_rule([place.judged]) if place.judged else {}
    general, *each_rule = standings(book, place.tenant_id)
    reckonings = Reckoning.objects.select_related("tenant")
    if place.tenant:
        reckonings = reckonings.filter(tenant=place.tenant)
    context = {
        "place": place,
        "faults": book.faults,
        "general": general,
        "general_numbers": _numbers(general),
        "rows": [_row(one, place, found) for one in each_rule],
        "off": sum(one.off for one in each_rule),
        "waiting": sum(one.stale and not one.fault for one in reckonings),
        "failed": [one for one in reckonings if one.fault],
        "may_edit": _may_edit(request),
    }
    return render(request, "rules/list.html", context)


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """Set a rule."""
    return _form(request, rule_id)


@requires(Role.OPERATOR)
@require_http_methods(["GET", "POST"])
def general(request: HttpRequest) -> HttpResponse:
    """Set the numbers that hold for all rules."""
    return _form(request, "")


@requires(Role.OPERATOR)
@require_POST
def reset(request: HttpRequest, rule_id: str) -> HttpResponse:
    """Let a rule stand as the wider setting says."""
    place, settings = _place(request), load_settings()
    standing = _standing(rule_book(settings), rule_id, place)
    reset_rule(settings, rule_id, tenant_id=place.tenant_id, actor=actor_of(request))
    messages.success(request, f"{_title(standing)} is {place.wider} again. It is judged by soon.")
    return redirect(reverse("rules") + place.query)


@requires(Role.OPERATOR)
@require_POST
def judge(request: HttpRequest) -> HttpResponse:
    """Try again what failed."""
    place = _place(request)
    judge_again(place.tenant_id)
    messages.success(request, "It is judged again: a worker does so within seconds.")
    return redirect(reverse("rules") + place.query)


def _form(request: HttpRequest, rule_id: str) -> HttpResponse:
    place, settings = _place(request), load_settings()
    standing = _standing(rule_book(settings), rule_id, place)
    form = RuleForm(request.POST if request.method == "POST" else None, standing, wider=place.wider)
    if request.method == "POST" and form.is_valid():
        try:
            set_rule(settings, rule_id, form.given(), tenant_id=place.tenant_id, actor=actor_of(request))
        except InvalidDecision as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"{_title(standing)} is set. It is judged by within seconds.")
            return redirect(reverse("rules") + place.query)
    context = {
        "title": _title(standing),
        "standing": standing,
        "sentence": standing.sentence,
        "place": place,
        "form": form,
        "back": reverse("rules") + place.query,
        "reset_address": reverse("rule-reset", args=[rule_id]) + place.query if rule_id else "",
    }
    return render(request, "rules/form.html", context, status=400 if form.errors else 200)


def _place(request: HttpRequest) -> Place:
    """The place of an address. Raises Http404 where there is no such tenant."""
    tenants = tuple(published_tenants())
    wanted = request.GET.get("tenant", "")
    chosen = next((one for one in tenants if one.pk == wanted), None)
    if wanted and chosen is None:
        raise Http404
    return Place(chosen if len(tenants) > 1 else None, tenants)


def _standing(book: RuleBook, rule_id: str, place: Place) -> Standing:
    try:
        return standing_of(book, rule_id, place.tenant_id)
    except InvalidDecision as error:
        raise Http404(str(error)) from error


def _row(standing: Standing, place: Place, found: dict[str, Sums]) -> Row:
    assert standing.rule is not None  # noqa: S101 - the general numbers are no row
    rule_id = standing.rule.id
    named = (place.tenant_id or "") if len(place.tenants) > 1 else ""
    return Row(
        standing,
        standing.sentence,
        _numbers(standing),
        (found.get(rule_id) or Sums()) if found else None,
        reverse("rule", args=[rule_id]) + place.query,
        recommendations_address(named, Filter("rule", "=", rule_id)),
    )


def _numbers(standing: Standing) -> tuple[tuple[str, str, bool], ...]:
    return tuple(
        (
            each.threshold.meaning.removesuffix("."),
            f"{plain(each.value)} {each.threshold.unit}",
            each.own is not None,
        )
        for each in standing.thresholds
    )


def _title(standing: Standing) -> str:
    return standing.rule.title if standing.rule else GENERAL_TITLE


def _may_edit(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.allows(Role.OPERATOR)
