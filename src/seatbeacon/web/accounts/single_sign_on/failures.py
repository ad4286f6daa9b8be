"""From what went wrong with the issuer to the page that says so."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from allauth.socialaccount.providers.base import AuthError
from requests import RequestException

from seatbeacon.web.accounts.single_sign_on import words
from seatbeacon.web.accounts.single_sign_on.issuer import IssuerFault

if TYPE_CHECKING:
    from allauth.core.exceptions import ImmediateHttpResponse
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


def failed(request: HttpRequest, error: str | None, exception: BaseException | None) -> ImmediateHttpResponse:
    """The page for a sign-in that failed. What the issuer did wrong goes to the log as well."""
    if exception is not None:
        told, status = _of_exception(exception), 502
        logger.warning("Single sign-on failed: %s %s", type(exception).__name__, told[0])
    else:
        told, status = _of_answer(request, error), 400 if "error" not in request.GET else 403
    return words.refused(request, told, status)


def _of_exception(exception: BaseException) -> words.Words:
    if isinstance(exception, IssuerFault):
        return exception.problem, exception.remedy
    if isinstance(exception, RequestException):
        return words.UNREACHABLE
    # allauth's text holds the issuer's whole answer, which is not ours to show.
    return words.WRONG_CLIENT if "invalid_client" in str(exception) else words.NO_TOKEN


def _of_answer(request: HttpRequest, error: str | None) -> words.Words:
    told = request.GET.get("error", "")
    if error == AuthError.CANCELLED or told == "access_denied":
        return words.DECLINED
    if not told:
        return words.LOST
    about = f"{told}: {request.GET.get('error_description', '')}".strip(": ")[:300]
    return f"The issuer refused the sign-in. It says: {about}", words.AGAIN
