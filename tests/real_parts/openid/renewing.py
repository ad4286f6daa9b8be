"""A process that renews a connection's access token, as an import does: `renewing.py CONNECTION TIMES [die]`.

Prints `stored` with the SHA-256 of the refresh token it found, then `used` with each access token's number
once the provider let it in. With `die` it kills itself right after the first new refresh token is stored.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from seatbeacon.beacon.start import start
from seatbeacon.graph.errors import GraphError
from seatbeacon.graph.messages import Request
from seatbeacon.graph.transport import Transport

if TYPE_CHECKING:
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.graph.secret import Secret


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def use(transport: Transport, connection: Connection, token: Secret) -> None:
    """Show an access token to the provider, which must know it."""
    issuer = connection.token_endpoint.removesuffix("/common/oauth2/v2.0/token")
    status = transport.send(Request(url=f"{issuer}/me", bearer=token)).status
    assert status == 200, status


def renew(settings: Settings, connection: Connection, times: int, *, die: bool) -> None:
    """Renew so often, and use each access token."""
    from seatbeacon.beacon.connections.access import open_access  # noqa: PLC0415 - needs Django

    with open_access(settings, connection) as access, Transport() as transport:
        if die:
            _die_once_stored(access.tokens)
        token = access.tokens.token()
        for number in range(times):
            use(transport, connection, token)
            say("used", number)
            token = access.tokens.renew(token)
        use(transport, connection, token)


def _die_once_stored(tokens: object) -> None:
    store = tokens._store  # type: ignore[attr-defined] # the seam between storing and handing out

    def store_and_die(token: Secret) -> None:
        store(token)
        os.kill(os.getpid(), signal.SIGKILL)

    tokens._store = store_and_die  # type: ignore[attr-defined] # the same


def main(name: str, times: int, how: str = "") -> int:
    settings = start()
    from seatbeacon.beacon.connections.services import find_connection  # noqa: PLC0415 - needs Django
    from seatbeacon.beacon.models import SecretField  # noqa: PLC0415 - needs Django
    from seatbeacon.beacon.secrets.keys import load_key_ring  # noqa: PLC0415 - needs Django
    from seatbeacon.beacon.secrets.store import get_secret  # noqa: PLC0415 - needs Django

    connection = find_connection(name)
    stored = get_secret(load_key_ring(settings), connection, SecretField.REFRESH_TOKEN)
    assert stored is not None
    say("stored", hashlib.sha256(stored.reveal().encode()).hexdigest())
    try:
        if how == "threads":
            with ThreadPoolExecutor(2) as threads:
                each = [threads.submit(renew, settings, connection, times, die=False) for _ in range(2)]
            for one in each:
                one.result()
        else:
            renew(settings, connection, times, die=how == "die")
    except GraphError as error:
        say("refused", type(error).__name__, error, error.remedy)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
