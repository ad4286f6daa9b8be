"""The documentation: the OpenAPI document, and a page that shows it without a script."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from seatbeacon.web.access import public, requires
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.addresses import address_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja import NinjaAPI

COLOURS = {"get": "blue", "post": "green", "put": "orange", "patch": "orange", "delete": "red"}


@dataclass(frozen=True)
class Field:
    """A parameter, or a member of a body or an answer."""

    name: str
    kind: str
    about: str
    required: bool = False


@dataclass(frozen=True)
class Shown:
    """An operation as the page shows it."""

    id: str
    method: str
    colour: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    answer_name: str


def documentation(api: NinjaAPI) -> tuple[Any, Any]:
    """The two views: the document, and the page."""

    @cache
    def document() -> dict[str, Any]:
        # Ninja's own dictionaries hold numbers as keys, and sets.
        return dict(api.get_openapi_schema(path_prefix="/api/v1"))

    @cache
    def encoded() -> bytes:
        return msgspec.json.encode(msgspec.to_builtins(document(), str_keys=True, builtin_types=()))

    @public
    @require_GET
    def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
        """The OpenAPI document: what there is, and nothing that was imported."""
        return HttpResponse(encoded(), content_type="application/json")

    @requires(Role.VIEWER)
    @require_GET
    def page(request: HttpRequest) -> HttpResponse:
        """The document for people."""
        request.is_page = True  # type: ignore[attr-defined] # errors of a page are pages
        context = {"groups": shown_groups(document()), "root": address_of(request, "/api/v1")}
        return render(request, "api/documentation.html", context)

    return openapi, page


def shown_groups(document: dict[str, Any]) -> list[tuple[str, list[Shown]]]:
    """The operations by tag, in the document's order."""
    groups: dict[str, list[Shown]] = {}
    for path, methods in document["paths"].items():
        for method, entry in methods.items():
            groups.setdefault(entry["tags"][0], []).append(_shown(document, path, method, entry))
    return list(groups.items())


def _shown(document: dict[str, Any], path: str, method: str, entry: dict[str, Any]) -> Shown:
    status = next(code for code in entry["responses"] if 200 <= int(code) < 300)
    content = entry["responses"][status].get("content", {})
    kind = next(iter(content), "")
    schema = _resolved(document, content[kind].get("schema", {}) if kind else {})
    items = schema.get("properties", {}).get("items", {})
    row = _resolved(document, items.get("items", {}))
    return Shown(
        id=entry["operationId"],
        method=method.upper(),
        colour=COLOURS[method],
        path=path.removeprefix("/api/v1"),
        summary=entry["summary"],
        description=entry["description"].rpartition("\n\nScope: ")[0],
        scope=entry["security"][0]["token"][0],
        parameters=[
            Field(
                one["name"],
                _kind(document, one["schema"]),
                one["schema"].get("description", ""),
                bool(one.get("required")),
            )
            for one in entry.get("parameters", ())
        ],
        body=_fields(
            document,
            entry.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}),
        ),
        answer=_fields(document, row or schema),
        answer_name="Each of its items" if row else f"Answer {status} {kind}".strip(),
    )


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    schema = _resolved(document, schema)
    required = set(schema.get("required", ()))
    return [
        Field(name, _kind(document, one), one.get("description", ""), name in required)
        for name, one in schema.get("properties", {}).items()
    ]


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """A type in words, such as `integer or null`."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(document, one) for one in schema["anyOf"]))
    if "$ref" in schema:
        found = _resolved(document, schema)
        if "enum" in found:
            return ", ".join(str(one) for one in found["enum"])
        return str(found.get("title", "object"))
    if schema.get("type") == "array":
        return f"list of {_kind(document, schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(document["components"]["schemas"][name]) if name else schema
