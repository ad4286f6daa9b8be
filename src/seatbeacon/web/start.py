"""Make the pages ready: the home folder, Django with the pages' settings, all tables, and the checks."""

# ruff: noqa: PLC0415 - Django is imported once its settings are known

from __future__ import annotations

import os

from seatbeacon.beacon.locks import file_lock
from seatbeacon.beacon.settings import Settings, load_settings
from seatbeacon.beacon.start import make_home, migrate

SETTINGS_MODULE = "seatbeacon.web.django_settings"


def start() -> Settings:
    """Set everything up and return the settings. Raises BeaconError where the home cannot be used."""
    settings = load_settings()
    make_home(settings.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
    import django
    from django.core.checks import run_checks
    from django.core.exceptions import ImproperlyConfigured

    django.setup()
    prepare_tables(settings)
    serious = [str(message) for message in run_checks() if message.is_serious()]
    if serious:
        raise ImproperlyConfigured("\n".join(serious))
    return settings


def prepare_tables(settings: Settings) -> None:
    """Bring the tables of the control plane and of the pages up to date, one process at a time."""
    migrate(settings)
    with file_lock(settings.home / "locks" / "migrate"):
        from django.core.management import call_command
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        targets = executor.loader.graph.leaf_nodes()
        if executor.migration_plan(targets):
            executor.migrate(targets)
        call_command("createcachetable", verbosity=0)
        call_command("clearsessions")
