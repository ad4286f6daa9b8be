"""The OpenAPI 3.1 document: ninja's, with the errors and scopes that every operation shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import NinjaAPI

from seatbeacon.api.auth import Token
from seatbeacon.api.problems import PROBLEM_JSON
from seatbeacon.web.accounts.scopes import DESCRIPTIONS, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ninja.openapi.schema import OpenAPISchema
    from ninja.operation import Operation

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened."},
        "remedy": {"type": "string", "description": "What to do."},
        "instance": {"type": "string", "description": "The address that was asked."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}

ANSWERS = {
    400: "The request cannot be read.",
    401: "No token, or none that is right.",
    403: "The token's scope, or its person's role by now, does not reach.",
    404: "There is no such thing, or nothing was imported yet.",
    409: "It does not go with how things are, such as starting a run where one is under way.",
    422: "A parameter or the body is not right.",
    429: "Too many requests: the header Retry-After says when to ask again.",
    500: "A fault of ours, with the number under which it stands in the log.",
    502: "Microsoft refused or cannot be reached; where it says so, what to do.",
    503: "The inventory cannot be read at the moment.",
}

TOO_LONG = "The address is longer than a server reads; it is refused before we see it, without a body."


class Api(NinjaAPI):
    """The API, whose every operation states the scope that it needs."""

    def get_openapi_schema(self, *arguments: Any, **options: Any) -> OpenAPISchema:
        """The document."""
        document = super().get_openapi_schema(*arguments, **options)
        components = document["components"]
        components["schemas"]["Problem"] = PROBLEM
        components["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "A token from your profile."}
        }
        paths = document["paths"]
        for operation in operations(self):
            for method in operation.methods:
                entry = next(
                    one[method.lower()]
                    for one in paths.values()
                    if one.get(method.lower(), {}).get("operationId") == operation.operation_id
                )
                _complete(entry, scope_of(operation))
        return document


def operations(api: NinjaAPI) -> Iterator[Operation]:
    """Every operation of `api`."""
    for router in api._get_bound_routers():  # noqa: SLF001 - ninja tells it nowhere else
        for view in router.path_operations.values():
            yield from view.operations


def scope_of(operation: Operation) -> Scope:
    """The scope that an operation needs. Raises TypeError where it states none."""
    if len(operation.auth_callbacks) == 1 and isinstance(operation.auth_callbacks[0], Token):
        return operation.auth_callbacks[0].scope
    message = (
        f"{operation.path} does not state which scope it needs: give it auth=READ, OPERATE or ADMINISTER."
    )
    raise TypeError(message)


def _complete(entry: dict[str, Any], scope: Scope) -> None:
    entry["security"] = [{"token": [scope.value]}]
    entry["description"] = (
        f"{entry.get('description', '').strip()}\n\nScope: {scope.value}. {DESCRIPTIONS[scope]}".strip()
    )
    shown = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, text in ANSWERS.items():
        entry["responses"].setdefault(status, {"description": text, "content": shown})
    entry["responses"][414] = {"description": TOO_LONG}
