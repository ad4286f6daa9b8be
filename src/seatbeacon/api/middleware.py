"""What Django itself answers below /api/, such as 404 and 405, in the API's form."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from seatbeacon.api.problems import PROBLEM_JSON, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

BELOW = "/api/"

WORDS = {
    HTTPStatus.NOT_FOUND: ("There is no such address.", "See /api/v1/docs/ for those there are."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This address does not take that method.", "See the header Allow."),
    HTTPStatus.BAD_REQUEST: ("The request cannot be read.", ""),
}


class Problems:
    """Turns error pages below /api/ into problem+json; the documentation is a page, and stays one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        answer = self.get_response(request)
        status = answer.status_code
        if (
            status < HTTPStatus.BAD_REQUEST
            or not request.path.startswith(BELOW)
            or answer.headers.get("Content-Type", "") == PROBLEM_JSON
            or getattr(request, "is_page", False)
        ):
            return answer
        detail, remedy = WORDS.get(HTTPStatus(status), (HTTPStatus(status).description, ""))
        kept = {name: answer.headers[name] for name in ("Allow", "Retry-After") if name in answer.headers}
        return problem(
            status, detail or HTTPStatus(status).phrase, remedy=remedy, instance=request.path, headers=kept
        )
