"""A connection to a simulated tenant, as an administrator would have made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.simulator.server import Simulator


def connect(settings: Settings, simulator: Simulator, name: str = "Contoso") -> Connection:
    """Add the connection to the home of `settings`, with a refresh token of its own."""
    # Imported once Django is set up.
    from seatbeacon.beacon.connections.drafts import Given  # noqa: PLC0415
    from seatbeacon.beacon.connections.services import GivenSecrets, add_connection  # noqa: PLC0415
    from seatbeacon.beacon.secrets.keys import load_key_ring  # noqa: PLC0415
    from seatbeacon.graph.secret import Secret  # noqa: PLC0415

    given = Given(
        token_endpoint=simulator.token_endpoint,
        authorization_endpoint=simulator.authorization_endpoint,
        redirect_uri=simulator.redirect_uri,
        graph_root=simulator.graph_root,
    )
    secrets = GivenSecrets(refresh_token=Secret(simulator.issue_refresh_token()))
    return add_connection(load_key_ring(settings), name, given, secrets)
