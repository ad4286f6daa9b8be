"""Who the token is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router, Schema
from pydantic import Field

from seatbeacon.api.auth import READ
from seatbeacon.web.accounts.scopes import Scope

router = Router(tags=["Token"])


class MeOut(Schema):
    """The token that asks, and whose it is."""

    name: str
    email: str
    role: str
    token: str = Field(description="The token's name.")
    scope: Scope
    expires_at: datetime


@router.get("/me", auth=READ, response=MeOut, operation_id="get_me")
def me(request: Any) -> dict[str, Any]:
    """Whose token this is, what it may do, and until when."""
    token = request.auth
    person = token.user
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "token": token.name,
        "scope": token.scope,
        "expires_at": token.expires_at,
    }
