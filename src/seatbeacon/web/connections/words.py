"""The beacon's sentences, as the page says them."""

from __future__ import annotations

import re

LABELS = {
    "--client-id": "Application (client) ID",
    "--token-endpoint": "Token Endpoint",
    "--authorization-endpoint": "Authorization Endpoint",
    "--redirect-uri": "Redirect URI",
    "--tenant-id": "Tenant ID",
    "--graph-root": "Graph Root",
    "--proxy-username": "Username",
    "--proxy-password-file": "Password",
    "--proxy": "Proxy Server",
    "--client-secret-file": "Client Secret",
    "--certificate": "Certificate",
    "--refresh-token-file": "Refresh Token",
    "--flow": "Authentication Flow",
    "--cloud": "Cloud",
}
HINTS = {
    "name": "Letters, digits, underscore, space; a letter or a digit first. The import has the same name.",
    "proxy": "https://host:port, http://host:port or IPAddress:port. Everything goes through it.",
    "proxy_username": "Only where the proxy asks for one.",
    "cloud": "Where the tenant is. Another cloud fills all endpoints.",
    "token_endpoint": "Where tokens come from: https, or http on this machine.",
    "client_id": "A GUID, from the overview page of the app registration.",
    "redirect_uri": "Where Microsoft sends the browser after sign-in. It must be registered with the app.",
    "client_secret": "The secret's value, not its ID.",
    "client_secret_expires": "You are warned 30 days before.",
    "certificate": "PFX, or PEM with certificate and key; instead of a secret. Its key stays here.",
    "certificate_passphrase": "Only where the file has one.",
    "tenant_id": "A GUID. Left empty, the first import fills it, and from then on no other tenant is taken.",
    "graph_root": "Scheme, host and port of Microsoft Graph, without a version.",
}
"""What stands below a field."""

_OPTION = re.compile(r"(?:\b(with|in|needs) )?(--[a-z-]+)(?: FILE)?")


def for_the_page(text: str) -> str:
    """A sentence of the beacon in which options of the command line are called as the form calls them."""

    def label(match: re.Match[str]) -> str:
        word, option = match.groups()
        named = LABELS.get(option)
        if named is None:
            return match[0]
        before = {"with": "in ", "in": "in ", "needs": "needs "}.get(word or "", "")
        return f"{before}{named}"

    told = _OPTION.sub(label, text).strip()
    return told if not told or told[-1] in ".!?:”" else f"{told}."
