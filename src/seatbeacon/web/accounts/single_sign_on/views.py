"""To the issuer and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods
from requests import RequestException

from seatbeacon.web.access import public
from seatbeacon.web.accounts.single_sign_on.failures import failed
from seatbeacon.web.accounts.single_sign_on.issuer import Issuer

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@public
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send somebody to the issuer; GET asks first.

    They go on by a page of ours: our Content-Security-Policy lets a form lead to this site alone, and
    browsers hold redirects to that, those of an issuer that hands people on to another one included.
    """
    answer = _with_issuer(OAuth2LoginView, request, provider_id)
    if isinstance(answer, HttpResponseRedirect) and "://" in answer.url:
        return render(request, "account/to_issuer.html", {"address": answer.url})
    return answer


@public
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the issuer sends people back to."""
    return _with_issuer(OAuth2CallbackView, request, provider_id)


def _with_issuer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id != "oidc":
        raise Http404("There is one issuer, and it is called otherwise.")
    try:
        answer: HttpResponse = view.adapter_view(Issuer(request, provider_id))(request)
    except (OAuth2Error, RequestException) as error:
        answer = failed(request, None, error).response
    return answer
