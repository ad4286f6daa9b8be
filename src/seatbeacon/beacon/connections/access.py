"""Open a connection: its proxy, its tokens and its Graph, ready to read."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seatbeacon.beacon.connections.tokens import token_source
from seatbeacon.beacon.models import SecretField
from seatbeacon.beacon.secrets.keys import load_key_ring
from seatbeacon.beacon.secrets.store import get_secret
from seatbeacon.graph.client import GraphClient
from seatbeacon.graph.clouds import CLOUDS
from seatbeacon.graph.oauth.token_request import Patience
from seatbeacon.graph.proxy import parse_proxy
from seatbeacon.graph.retry import RetryPolicy, Runtime
from seatbeacon.graph.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from seatbeacon.beacon.connections.tokens import StoredRefreshTokens
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.graph.clouds import Cloud
    from seatbeacon.graph.oauth import ClientCredentialsSource


@dataclass(frozen=True)
class Access:
    """A connection, opened. Good until the context that made it ends."""

    client: GraphClient
    tokens: ClientCredentialsSource | StoredRefreshTokens
    cloud: Cloud


def runtime(check_cancelled: Callable[[], None] | None) -> Runtime:
    """The clock, the waiting and the chance of everything that a connection asks, sign-in and Graph alike."""
    return Runtime(check_cancelled=check_cancelled)


@contextlib.contextmanager
def open_access(
    settings: Settings, connection: Connection, *, check_cancelled: Callable[[], None] | None = None
) -> Generator[Access]:
    """Open `connection`. Nothing is asked over the network yet. Raises SecretError or GraphError.

    `check_cancelled` raises to stop; waits look at it twice a second.
    """
    ring = load_key_ring(settings)
    policy = RetryPolicy(give_up_after=settings.give_up_after)
    proxy = None
    if connection.proxy_url:
        proxy = parse_proxy(
            connection.proxy_url,
            username=connection.proxy_username or None,
            password=get_secret(ring, connection, SecretField.PROXY_PASSWORD),
        )
    transport = Transport(
        proxy=proxy,
        ca_file=settings.ca_file,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        pool_size=settings.parallel + 4,
    )
    with transport:
        world = runtime(check_cancelled)
        patience = Patience(policy=policy, runtime=world)
        tokens = token_source(settings.home, ring, connection, transport, patience)
        client = GraphClient(
            root=connection.graph_root,
            tokens=tokens,
            transport=transport,
            retry=policy,
            clock=world.clock,
            sleep=world.sleep,
            now=world.now,
            chance=world.chance,
            check_cancelled=check_cancelled,
        )
        yield Access(client, tokens, CLOUDS[connection.cloud])
