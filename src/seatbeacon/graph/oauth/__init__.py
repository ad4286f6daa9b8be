"""Signing in at Microsoft Entra ID: the flows, their credentials, and the sources of tokens they make.

Names are loaded when they are used: a command that only shows a connection loads no cryptography.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import OAuthApp, app_only_scope, delegated_scopes
    from .authorization_code import PendingAuthorization, begin_authorization, redeem_code
    from .certificate import ClientCertificate, load_certificate
    from .credentials import ClientSecret, Credential
    from .device_code import DeviceCode, begin_device_code, poll_device_code
    from .grants import client_credentials, refresh
    from .sources import ClientCredentialsSource, RefreshTokenSource, StaticTokenSource
    from .token_set import IdClaims, TokenSet

_HOMES = {
    "OAuthApp": "app",
    "app_only_scope": "app",
    "delegated_scopes": "app",
    "PendingAuthorization": "authorization_code",
    "begin_authorization": "authorization_code",
    "redeem_code": "authorization_code",
    "ClientCertificate": "certificate",
    "load_certificate": "certificate",
    "ClientSecret": "credentials",
    "Credential": "credentials",
    "DeviceCode": "device_code",
    "begin_device_code": "device_code",
    "poll_device_code": "device_code",
    "client_credentials": "grants",
    "refresh": "grants",
    "ClientCredentialsSource": "sources",
    "RefreshTokenSource": "sources",
    "StaticTokenSource": "sources",
    "IdClaims": "token_set",
    "TokenSet": "token_set",
}

__all__ = [
    "ClientCertificate",
    "ClientCredentialsSource",
    "ClientSecret",
    "Credential",
    "DeviceCode",
    "IdClaims",
    "OAuthApp",
    "PendingAuthorization",
    "RefreshTokenSource",
    "StaticTokenSource",
    "TokenSet",
    "app_only_scope",
    "begin_authorization",
    "begin_device_code",
    "client_credentials",
    "delegated_scopes",
    "load_certificate",
    "poll_device_code",
    "redeem_code",
    "refresh",
]


def __getattr__(name: str) -> Any:
    """Load the module a name lives in, the first time it is asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
