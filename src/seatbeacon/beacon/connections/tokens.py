"""Access tokens of a connection. A rotated refresh token is stored before its access token is used."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from django.db import connections as databases

from seatbeacon.beacon.connections.certificates import unpack_certificate
from seatbeacon.beacon.connections.facts import authorized_facts
from seatbeacon.beacon.errors import SecretMissing
from seatbeacon.beacon.locks import cluster_lock, file_lock
from seatbeacon.beacon.models import Connection, Flow, SecretField, StoredSecret
from seatbeacon.beacon.secrets.store import get_secret, note_facts, put_secret, writing
from seatbeacon.graph.oauth import (
    ClientCredentialsSource,
    ClientSecret,
    OAuthApp,
    RefreshTokenSource,
    load_certificate,
)

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.secrets.keys import KeyRing
    from seatbeacon.graph.oauth import Credential, TokenSet
    from seatbeacon.graph.oauth.token_request import Patience
    from seatbeacon.graph.secret import Secret
    from seatbeacon.graph.transport import Transport


def oauth_app(connection: Connection) -> OAuthApp:
    """The connection's app registration and endpoints, those of its tenant once that is known."""
    app = OAuthApp(
        client_id=connection.client_id,
        token_endpoint=connection.token_endpoint,
        authorization_endpoint=connection.authorization_endpoint or None,
        redirect_uri=connection.redirect_uri or None,
        graph_root=connection.graph_root,
    )
    return app.for_tenant(connection.tenant_id) if connection.tenant_id else app


def token_source(
    home: Path, ring: KeyRing, connection: Connection, transport: Transport, patience: Patience
) -> ClientCredentialsSource | StoredRefreshTokens:
    """Where the connection's access tokens come from. SecretMissing where it has nothing to ask with."""
    credential = credential_of(ring, connection)
    if connection.flow != Flow.CLIENT_CREDENTIALS:
        return StoredRefreshTokens(home, ring, connection, transport, credential, patience)
    if credential is None:
        raise SecretMissing(_missing(connection, "client secret or certificate", "--client-secret-file FILE"))
    return ClientCredentialsSource(oauth_app(connection), transport, credential, patience=patience)


def credential_of(ring: KeyRing, connection: Connection) -> Credential | None:
    """The client secret or certificate of the connection's app, or None for a public client."""
    secret = get_secret(ring, connection, SecretField.CLIENT_SECRET)
    if secret is not None:
        return ClientSecret(secret)
    certificate = get_secret(ring, connection, SecretField.CERTIFICATE)
    return None if certificate is None else load_certificate(*unpack_certificate(certificate))


class StoredRefreshTokens(RefreshTokenSource):
    """Access tokens on the refresh token in the database.

    Each renewal reads the newest refresh token, redeems it and commits its successor under one lock between
    processes, of all machines that share the database, so that two of them never redeem the same one. A token
    that a person put there meanwhile is left alone: it is the newer one.
    """

    def __init__(
        self,
        home: Path,
        ring: KeyRing,
        connection: Connection,
        transport: Transport,
        credential: Credential | None,
        patience: Patience,
    ) -> None:
        self._lock_name = f"token-{connection.pk}"
        self._lock_file = home / "locks" / self._lock_name
        self._ring = ring
        self._connection = connection
        self._read: Secret | None = None
        self._unstored: Secret | None = None
        super().__init__(
            oauth_app(connection),
            transport,
            self._newest(),
            credential,
            store=self._commit,
            patience=patience,
        )

    def _ask(self, claims: str | None) -> TokenSet:
        try:
            with file_lock(self._lock_file), cluster_lock(self._lock_name):
                self._refresh_token = self._newest()
                tokens = super()._ask(claims)
                self._note_use(tokens)
                return tokens
        finally:
            # Renewals come from the collector's threads; Django keeps a connection for each thread that asks.
            if threading.current_thread() is not threading.main_thread():
                databases.close_all()

    def _stored(self) -> Secret | None:
        return get_secret(self._ring, self._connection, SecretField.REFRESH_TOKEN)

    def _newest(self) -> Secret:
        """The refresh token to redeem: one that could not be stored before the one that it should replace."""
        stored = self._stored()
        if stored is None:
            raise SecretMissing(_missing(self._connection, "refresh token", "--refresh-token-file FILE"))
        if self._unstored is None or stored != self._read:
            self._read, self._unstored = stored, None
        return self._unstored or stored

    def _commit(self, token: Secret) -> None:
        self._unstored = token
        with writing():
            # Nobody signs in anew between the look and the write: the row is taken.
            StoredSecret.objects.select_for_update().filter(
                connection=self._connection, field=SecretField.REFRESH_TOKEN
            ).first()
            if self._stored() == self._read:
                facts = authorized_facts(self._connection)
                stored = facts.to_json() if facts is not None else None
                put_secret(self._ring, self._connection, SecretField.REFRESH_TOKEN, token, stored)
                self._read = token
        self._unstored = None

    def _note_use(self, tokens: TokenSet) -> None:
        """Note beside the token that it was used now, and whose it is, as far as Microsoft told."""
        facts = authorized_facts(self._connection)
        if facts is not None and self._stored() == self._read:
            note_facts(self._connection, SecretField.REFRESH_TOKEN, facts.used(tokens).to_json())


def _missing(connection: Connection, what: str, option: str) -> str:
    return (
        f"Connection “{connection.name}” holds no {what}. "
        f'Give it one with: seatbeacon connection edit "{connection.name}" {option}'
    )
