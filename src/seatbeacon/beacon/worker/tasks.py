"""What a worker does."""

from __future__ import annotations

import logging

from django.db import close_old_connections

from seatbeacon.beacon.errors import RunError
from seatbeacon.beacon.imports.execute import execute_claimed
from seatbeacon.beacon.runs.presence import present
from seatbeacon.beacon.runs.queued import claimed_next
from seatbeacon.beacon.settings import load_settings
from seatbeacon.beacon.worker.stopping import check_stopping, stopping
from seatbeacon.graph.errors import Cancelled

logger = logging.getLogger(__name__)


def execute_import(run_id: int) -> None:
    """Run the import that waits longest. How it ends stands in the run; nothing is raised.

    `run_id` is the run for which the message was sent. A message says that there is work, not which: so it
    does no harm that messages are lost, come twice or out of order.
    """
    if stopping.is_set():
        return
    close_old_connections()
    settings = load_settings()
    try:
        with present(settings) as me, claimed_next(me) as run:
            if run is not None:
                run_id = run.pk
                execute_claimed(settings, run, check_cancelled=check_stopping)
    except RunError as error:
        # Another process has it by now.
        logger.info("Run %s was left alone: %s", run_id, error)
    except Cancelled as error:
        logger.info("Run %s was stopped: %s", run_id, error)
    except Exception as error:
        logger.exception("Run %s failed: %s", run_id, type(error).__name__)
    finally:
        close_old_connections()
