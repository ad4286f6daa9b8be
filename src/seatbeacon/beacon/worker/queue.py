"""The queue that carries runs to workers. It may lose or repeat a message: what a run is stands elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from huey.api import Huey, PostgresHuey, SqliteHuey

from seatbeacon.beacon.locks import cluster_lock
from seatbeacon.beacon.worker.tasks import execute_import

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings

NAME = "seatbeacon"
BUSY_SECONDS = 30


@dataclass(frozen=True)
class Queue:
    """Huey, and the task that it carries."""

    huey: Huey
    task: Any

    def send(self, run_id: int) -> None:
        """Tell the workers that a run is queued. Sending it twice does no harm: one worker claims it."""
        self.task(run_id)


@cache
def open_queue(settings: Settings) -> Queue:
    """The queue of this home: a SQLite file in it, or tables in the PostgreSQL of DATABASE_URL."""
    database = settings.database
    if database.engine == "postgresql":
        told = {
            "dbname": database.name,
            "host": database.host,
            "port": database.port,
            "user": database.user,
            "password": database.password,
        }
        given = {name: value for name, value in told.items() if value} | dict(database.options)
        # Its tables are made where there are none; of processes that begin at once, one at a time does so.
        with cluster_lock("queue"):
            huey: Huey = PostgresHuey(NAME, results=False, **given)
    else:
        huey = SqliteHuey(
            NAME, results=False, filename=str(settings.home / "queue.sqlite3"), timeout=BUSY_SECONDS
        )
    return Queue(huey, huey.task(name="execute_import")(execute_import))
