"""Errors as the API answers them: application/problem+json (RFC 9457), with what to do as `remedy`."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse
from ninja.errors import HttpError, ValidationError

from seatbeacon.beacon import errors
from seatbeacon.beacon.explain import explain
from seatbeacon.graph.errors import GraphError
from seatbeacon.inventory.errors import InvalidQuery, InventoryError
from seatbeacon.optimization import OptimizationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from ninja import NinjaAPI

logger = logging.getLogger(__name__)

PROBLEM_JSON = "application/problem+json"

STATUSES: dict[type[Exception], HTTPStatus] = {
    InvalidQuery: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidConnection: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidSchedule: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.SeveralTenants: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NoSuchConnection: HTTPStatus.NOT_FOUND,
    errors.NoSuchSchedule: HTTPStatus.NOT_FOUND,
    errors.NoSuchRun: HTTPStatus.NOT_FOUND,
    errors.NoSuchTenant: HTTPStatus.NOT_FOUND,
    errors.NothingPublished: HTTPStatus.NOT_FOUND,
    errors.BeingReckoned: HTTPStatus.SERVICE_UNAVAILABLE,
    InventoryError: HTTPStatus.SERVICE_UNAVAILABLE,
    GraphError: HTTPStatus.BAD_GATEWAY,
}
"""What an error of ours is to a client; any other one is a conflict with how things are."""


RECKONED = "10"
"""Seconds after which recommendations that a worker judges just now may be there."""


class Refused(HttpError):  # noqa: N818 - named for what happened
    """A request that is refused before it is looked at. `headers` go with the answer."""

    def __init__(
        self, status: HTTPStatus, message: str, remedy: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, message)
        self.remedy, self.headers = remedy, headers or {}


def problem(
    status: int,
    detail: str,
    *,
    remedy: str = "",
    instance: str = "",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """The answer. `title` is the status in words; `more` are further members."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        **({"remedy": remedy} if remedy else {}),
        **({"instance": instance} if instance else {}),
        **more,
    }
    return HttpResponse(
        msgspec.json.encode(body), status=int(status), content_type=PROBLEM_JSON, headers=dict(headers or {})
    )


def answer_errors(api: NinjaAPI) -> None:
    """Answer every error of `api`'s operations as a problem."""
    handlers: tuple[tuple[type[Exception], Any], ...] = (
        (Exception, _fault),
        (errors.BeaconError, _ours),
        (InventoryError, _ours),
        (OptimizationError, _ours),
        (GraphError, _ours),
        (ValidationError, _invalid),
        (HttpError, _refused),
        (Http404, _not_found),
        (SuspiciousOperation, _unreadable),
    )
    for kind, handler in handlers:
        api.add_exception_handler(kind, handler)


def _ours(request: HttpRequest, error: Exception) -> HttpResponse:
    status = next((found for kind, found in STATUSES.items() if isinstance(error, kind)), HTTPStatus.CONFLICT)
    told = explain(error)
    field = getattr(error, "field", "")
    more: dict[str, Any] = {"errors": [{"field": field, "message": told.problem}]} if field else {}
    headers = {"Retry-After": RECKONED} if isinstance(error, errors.BeingReckoned) else None
    return problem(status, told.problem, remedy=told.remedy, instance=request.path, headers=headers, **more)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    told = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "message": str(one["msg"])[:300]}
        for one in error.errors
    ]
    where = ", ".join(sorted({one["field"] for one in told if one["field"]}))
    detail = f"The request cannot be read: see {where}." if where else "The request cannot be read."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, instance=request.path, errors=told)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(
        error.status_code,
        str(error),
        remedy=getattr(error, "remedy", ""),
        instance=request.path,
        headers=getattr(error, "headers", None),
    )


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ARG001 - names our tables
    return problem(HTTPStatus.NOT_FOUND, "There is no such thing.", instance=request.path)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ARG001 - may hold input
    return problem(HTTPStatus.BAD_REQUEST, "The request cannot be read.", instance=request.path)


def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: the number in the answer is the one in the log."""
    told = explain(error)
    number = secrets.token_hex(4)
    logger.error("Fault %s at %s %s", number, request.method, request.path, exc_info=error)
    detail = told.problem if told.foreseen else "Something went wrong on our side."
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        detail,
        remedy=told.remedy or f"Look for “Fault {number}” in the log of seatbeacon serve.",
        instance=request.path,
    )
