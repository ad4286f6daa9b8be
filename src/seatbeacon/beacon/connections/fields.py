"""Check one field at a time. A wrong value is refused with what a right one looks like."""

from __future__ import annotations

import re
import uuid
from urllib.parse import urlsplit

from seatbeacon.beacon.errors import InvalidConnection
from seatbeacon.graph.endpoints import check_endpoint
from seatbeacon.graph.errors import InvalidEndpoint

EXAMPLE_GUID = "0f3a6d52-4c1e-4b7a-9d28-5e6f70819a2b"
NAME_LENGTH = 100
ADDRESS_LENGTH = 2048
REDIRECT_LENGTH = 256
"""Microsoft's own limit for redirect URIs (`facts/graph.md` §4.3)."""


def check_name(text: str) -> str:
    """A connection name: letters, digits, underscore, space; a letter or digit first."""
    name = text.strip()
    if not name:
        raise InvalidConnection("name", "The connection needs a name, such as: Contoso 365")
    if len(name) > NAME_LENGTH:
        raise InvalidConnection("name", f"The connection name is longer than {NAME_LENGTH} characters.")
    if not re.fullmatch(r"[^\W_][\w ]*", name):
        message = (
            f"The connection name {_shown(name)} may hold letters, digits, underscores and spaces only, "
            "and starts with a letter or a digit, such as: Contoso 365"
        )
        raise InvalidConnection("name", message)
    return name


def check_guid(field: str, label: str, text: str) -> str:
    """A GUID in its usual spelling, in lower case."""
    value = text.strip().strip("{}").lower()
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return str(uuid.UUID(value))
    message = (
        f"The {label} {_shown(text)} is not a GUID. It looks like {EXAMPLE_GUID} and stands on the "
        "overview page of the Entra admin center."
    )
    raise InvalidConnection(field, message)


def check_address(field: str, label: str, text: str, example: str) -> str:
    """An endpoint: https, or http on loopback; no user, query or fragment."""
    value = text.strip()
    _check_length(field, label, value, ADDRESS_LENGTH)
    try:
        checked = check_endpoint(value)
    except InvalidEndpoint as error:
        message = f"The {label} cannot be used: {error} A right one looks like: {example}"
        raise InvalidConnection(field, message) from None
    if urlsplit(checked).query:
        message = f"The {label} {_shown(value)} may have no “?” in it. A right one looks like: {example}"
        raise InvalidConnection(field, message)
    return checked


def check_graph_root(text: str, example: str) -> str:
    """Scheme, host and port without a version or path: `https://graph.microsoft.com`."""
    value = check_address("graph-root", "Graph root", text, example)
    if urlsplit(value).path not in {"", "/"}:
        message = (
            f"The Graph root {_shown(text)} is scheme, host and port only, without a path. Give: {example}"
        )
        raise InvalidConnection("graph-root", message)
    return value.rstrip("/")


def check_redirect_uri(text: str) -> str:
    """A redirect URI as Microsoft takes them: https anywhere, http on loopback, no fragment, no wildcard."""
    value = text.strip()
    _check_length("redirect-uri", "redirect URI", value, REDIRECT_LENGTH)
    example = "https://login.microsoftonline.com/common/oauth2/nativeclient"
    try:
        checked = check_endpoint(value)
    except InvalidEndpoint as error:
        message = f"The redirect URI cannot be used: {error} A right one looks like: {example}"
        raise InvalidConnection("redirect-uri", message) from None
    if "*" in value:
        message = f"The redirect URI {_shown(value)} may have no “*” in it. A right one looks like: {example}"
        raise InvalidConnection("redirect-uri", message)
    return checked


def _check_length(field: str, label: str, value: str, most: int) -> None:
    if len(value) > most:
        raise InvalidConnection(field, f"The {label} is longer than {most} characters.")


def _shown(value: str) -> str:
    """A value as a message quotes it: short, and without control characters."""
    clean = "".join(character if character.isprintable() else "�" for character in value)
    return f"“{clean[:80]}…”" if len(clean) > 80 else f"“{clean}”"
