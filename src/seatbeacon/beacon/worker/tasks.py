"""What a worker does."""

from __future__ import annotations

import logging

from django.db import close_old_connections

from seatbeacon.beacon.errors import RunError
from seatbeacon.beacon.imports.execute import execute_queued
from seatbeacon.beacon.models import ImportRun, RunState
from seatbeacon.beacon.settings import load_settings
from seatbeacon.beacon.worker.stopping import check_stopping
from seatbeacon.graph.errors import Cancelled

logger = logging.getLogger(__name__)


def execute_import(run_id: int) -> None:
    """Claim the run and import its connection. How it ends stands in the run; nothing is raised."""
    close_old_connections()
    try:
        run = ImportRun.objects.select_related("connection").filter(pk=run_id, state=RunState.QUEUED).first()
        if run is None:
            return
        execute_queued(load_settings(), run, check_cancelled=check_stopping)
    except RunError as error:
        # Another worker has it, or an import at the command line came first.
        logger.info("Run %s was left alone: %s", run_id, error)
    except Cancelled:
        logger.info("Run %s was stopped", run_id)
    except Exception as error:
        logger.exception("Run %s failed: %s", run_id, type(error).__name__)
    finally:
        close_old_connections()
