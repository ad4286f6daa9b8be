"""Graph's errors: status, code and message as they stand in its answers (`facts/graph.md` §1,
`samples/json`)."""

from __future__ import annotations


class RefusedError(Exception):
    """A request that Graph refuses."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = headers or {}


def unsupported_query(message: str) -> RefusedError:
    """400: a query option that needs more, or does not work here."""
    return RefusedError(400, "Request_UnsupportedQuery", message)


def bad_request(message: str, code: str = "Request_BadRequest") -> RefusedError:
    """400: a request that cannot be understood."""
    return RefusedError(400, code, message)


def not_found(what: str) -> RefusedError:
    """404: no such object."""
    message = (
        f"Resource '{what}' does not exist or one of its queried reference-property objects are not present."
    )
    return RefusedError(404, "Request_ResourceNotFound", message)


def denied(message: str = "Insufficient privileges to complete the operation.") -> RefusedError:
    """403: a permission is missing."""
    return RefusedError(403, "Authorization_RequestDenied", message)


def unauthorized(message: str = "Lifetime validation failed, the token is expired.") -> RefusedError:
    """401: no token, or one that is no good."""
    challenge = (
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    )
    return RefusedError(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": challenge})
