"""Decide on recommendations: ticked ones, or all that the list finds, looked at once more before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from seatbeacon.beacon.errors import InvalidDecision
from seatbeacon.beacon.models import DecisionState
from seatbeacon.beacon.savings.decisions import MOST, decide, undo
from seatbeacon.beacon.savings.listed import findings
from seatbeacon.web.access import requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.accounts.services import actor_of
from seatbeacon.web.pages.details.frame import Frame, framed
from seatbeacon.web.pages.inventory.address import asked_by
from seatbeacon.web.pages.inventory.opening import Opened, open_list

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from seatbeacon.beacon.savings.decisions import Finding
    from seatbeacon.optimization import Outcome

SHOWN = 20
UNDO_MINUTES = 15
_DONE = "recommendations-decided"


class DecisionForm(forms.Form):
    """How recommendations stand from now on."""

    state = forms.ChoiceField(label="They are", choices=DecisionState.choices)
    reason = forms.CharField(
        label="Why",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where they are dismissed or exempted.",
    )
    until = forms.DateField(
        label="Until, this day included",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Of a dismissal or an exemption: they are open again afterwards. Empty: for good.",
    )


@requires(Role.OPERATOR)
@require_POST
@framed("Recommendations")
def decide_on(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Show what was chosen and ask how it stands; with a state given, say so. The list's address is kept in
    `list`, and tells what *all* are."""
    asked = asked_by(QueryDict(request.POST.get("list", "")[:8000]))
    opened = open_list(replace(asked, tenant=frame.chosen.named), "recommendations")
    outcome = opened.outcome
    assert outcome is not None  # noqa: S101 - a list of recommendations has one
    everything = "all" in request.POST
    chosen = _chosen(opened, outcome, everything=everything, keys=request.POST.getlist("key"))
    back = f"{reverse('recommendations')}{opened.asked.address}#found"
    if not chosen:
        messages.error(request, "No recommendation is chosen. Tick those that you decide on.")
        return redirect(back)
    told = "state" in request.POST and request.POST.get("count", "") == str(len(chosen))
    form = DecisionForm(request.POST if told else None, initial={"state": DecisionState.ACCEPTED})
    if told and form.is_valid():
        said = form.cleaned_data
        try:
            act = decide(
                outcome.tenant_id,
                chosen,
                DecisionState(said["state"]),
                actor=actor_of(request),
                reason=said["reason"],
                until=said["until"],
            )
        except InvalidDecision as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            request.session[_DONE] = {
                "tenant": outcome.tenant_id,
                "batch": act.batch,
                "count": act.count,
                "state": str(DecisionState(said["state"]).label).lower(),
                "at": datetime.now(UTC).isoformat(),
            }
            return redirect(back)
    priced = [one.yearly_saving for one in chosen if one.yearly_saving is not None]
    context = frame.context() | {
        "title": "Decide",
        "lead": "Nothing is changed at Microsoft: Seatbeacon keeps what you decide, and imports confirm it.",
        "back": back,
        "back_label": "Recommendations",
        "form": form,
        "chosen_findings": chosen[:SHOWN],
        "more_keys": [one.key for one in chosen[SHOWN:]] if not everything else [],
        "more": max(0, len(chosen) - SHOWN),
        "count": len(chosen),
        "yearly": sum(priced, Decimal(0)) if priced else None,
        "unpriced": len(chosen) - len(priced),
        "currency": outcome.currency,
        "everything": everything,
        "list_address": opened.asked.query,
        "most": MOST,
        "changed": "state" in request.POST and not told,
    }
    return render(request, "recommendations/decide.html", context, status=400 if form.errors else 200)


@requires(Role.OPERATOR)
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Undo the act that this session did last."""
    act = request.session.pop(_DONE, None)
    count = undo(act["tenant"], act["batch"], actor=actor_of(request)) if act else 0
    if count:
        messages.success(request, f"Undone: {count:,} recommendations stand as before.")
    else:
        messages.info(request, "There is nothing to undo: they were decided on anew since.")
    asked = asked_by(QueryDict(request.POST.get("list", "")[:8000]))
    return redirect(f"{reverse('recommendations')}{asked.address}#found")


def just_decided(request: HttpRequest, tenant_id: str) -> dict[str, Any] | None:
    """What this session decided in this tenant within the last minutes, and may undo."""
    act: dict[str, Any] | None = request.session.get(_DONE)
    if not act or act["tenant"] != tenant_id:
        return None
    at = datetime.fromisoformat(act["at"])
    return act if datetime.now(UTC) - at < timedelta(minutes=UNDO_MINUTES) else None


def _chosen(opened: Opened, outcome: Outcome, *, everything: bool, keys: list[str]) -> list[Finding]:
    if everything:
        # One more than may be decided on at once tells that there are more.
        search = opened.asked.search or None
        return findings(outcome, filters=opened.filters, search=search, limit=MOST + 1)
    return findings(outcome, keys=keys[:500]) if keys else []
