"""Schemathesis asks a real server what the OpenAPI document says can be asked, and what it says cannot.

Every answer must be one that the document has: its status, its type, its body; every error problem+json.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from seatbeacon.api.urls import api
from seatbeacon.beacon.listings import NAMES

if TYPE_CHECKING:
    from tests.integration.api_served.conftest import Served

TOO_LONG = 414  # the server's own answer, before the API sees anything
FAULTS = {500, 503}
"""Statuses that the document has for what must not happen here; 502 is that Microsoft does not answer."""


def no_fault(context: Any, answer: Any, case: Any) -> None:
    """No fault of ours, and each error is a problem that says so."""
    assert answer.status_code not in FAULTS, answer.text
    if answer.status_code >= 400 and answer.status_code != TOO_LONG:
        assert answer.headers["content-type"] == ["application/problem+json"]
        assert answer.json()["status"] == answer.status_code
        assert answer.json()["detail"]


CHECKS: list[Any] = [
    no_fault,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]

_document = msgspec.json.encode(
    msgspec.to_builtins(dict(api.get_openapi_schema(path_prefix="/api/v1")), str_keys=True, builtin_types=())
)
SCHEMA = schemathesis.openapi.from_dict(msgspec.json.decode(_document))
OPERATIONS: dict[str, Any] = {}
for _found in SCHEMA.get_all_operations():
    _operation: Any = _found.ok()  # type: ignore[union-attr] # the document is a right one
    OPERATIONS[_operation.label] = _operation


ALIKE = {name for name in NAMES if name not in {"users", "recommendations"}}
"""Listings whose routes are made of their declarations as those of users are: asked less."""


def examples(label: str) -> int:
    """How many requests an operation is asked with, in each mode."""
    return 2 if label.split("/")[3] in ALIKE else 20


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_is_answered_is_what_the_document_says(label: str, served: Served) -> None:
    for mode in schemathesis.GenerationMode:

        @settings(
            max_examples=examples(label),
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            answer = case.call(base_url=served.address, headers={"Authorization": f"Bearer {served.token}"})
            refused = [negative_data_rejection] if answer.status_code == TOO_LONG else []
            case.validate_response(answer, checks=CHECKS, excluded_checks=refused)

        ask()
