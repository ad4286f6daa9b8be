"""Sources of access tokens for the client: one renews, the others wait."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING

from .grants import client_credentials, refresh
from .token_request import Patience

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.graph.secret import Secret
    from seatbeacon.graph.transport import Transport

    from .app import OAuthApp
    from .credentials import Credential
    from .token_set import TokenSet

LEEWAY = 300.0  # seconds before its end a token counts as ended (as in Microsoft's own libraries)


class _RenewingSource(ABC):
    """Keeps one access token and renews it in time, in one thread."""

    app_only: bool

    def __init__(self, patience: Patience | None) -> None:
        self._patience = patience or Patience()
        self._lock = threading.Lock()
        self._current: TokenSet | None = None

    @property
    def tokens(self) -> TokenSet | None:
        """The tokens at hand, for who signed in and what was granted; None before the first was asked for."""
        return self._current

    def token(self) -> Secret:
        """As `TokenSource.token`."""
        current = self._current
        if current is not None and self._is_fresh(current):
            return current.access_token
        with self._lock:
            current = self._current
            if current is None or not self._is_fresh(current):
                current = self._renewed(None)
            return current.access_token

    def renew(self, rejected: Secret, *, claims: str | None = None) -> Secret:
        """As `TokenSource.renew`."""
        with self._lock:
            current = self._current
            if current is None or current.access_token == rejected:
                current = self._renewed(claims)
            return current.access_token

    def _is_fresh(self, tokens: TokenSet) -> bool:
        # Half of its life for a token that lives shorter than the leeway, or every request would renew it.
        left = min(LEEWAY, tokens.lifetime / 2)
        return self._patience.runtime.now() < tokens.expires_at - timedelta(seconds=left)

    def _renewed(self, claims: str | None) -> TokenSet:
        self._current = self._ask(claims)
        return self._current

    @abstractmethod
    def _ask(self, claims: str | None) -> TokenSet:
        """Ask Entra ID for new tokens."""


class RefreshTokenSource(_RenewingSource):
    """Tokens of a person who signed in once, by a refresh token that changes with each use.

    `store` is called with the new refresh token before the access token that came with it is handed out. If
    it raises, that access token is not used and the exception reaches whoever asked; the new refresh token is
    kept in memory for the next attempt. `initial` is what the sign-in itself brought, if it was just now.
    """

    app_only = False

    def __init__(
        self,
        app: OAuthApp,
        transport: Transport,
        refresh_token: Secret,
        credential: Credential | None = None,
        *,
        store: Callable[[Secret], None],
        initial: TokenSet | None = None,
        patience: Patience | None = None,
    ) -> None:
        super().__init__(patience)
        self._app = app
        self._transport = transport
        self._refresh_token = refresh_token
        self._credential = credential
        self._store = store
        self._is_stored = True
        self._current = initial

    def _ask(self, claims: str | None) -> TokenSet:
        tokens = refresh(
            self._app,
            self._transport,
            self._refresh_token,
            self._credential,
            claims,
            patience=self._patience,
        )
        if tokens.refresh_token is not None and tokens.refresh_token != self._refresh_token:
            self._refresh_token = tokens.refresh_token
            self._is_stored = False
        if not self._is_stored:
            self._store(self._refresh_token)
            self._is_stored = True
        return tokens


class ClientCredentialsSource(_RenewingSource):
    """Tokens of an app that signs in by itself."""

    app_only = True

    def __init__(
        self,
        app: OAuthApp,
        transport: Transport,
        credential: Credential,
        *,
        patience: Patience | None = None,
    ) -> None:
        super().__init__(patience)
        self._app = app
        self._transport = transport
        self._credential = credential

    def _ask(self, claims: str | None) -> TokenSet:
        return client_credentials(
            self._app, self._transport, self._credential, claims, patience=self._patience
        )


class StaticTokenSource:
    """A token that somebody else takes care of: for tests, and for a token pasted by hand."""

    def __init__(self, token: Secret, *, app_only: bool | None = None) -> None:
        self._token = token
        self.app_only = app_only

    def token(self) -> Secret:
        """The token."""
        return self._token

    def renew(self, rejected: Secret, *, claims: str | None = None) -> Secret:  # noqa: ARG002 - the protocol's
        """The same token: there is no other."""
        return self._token
