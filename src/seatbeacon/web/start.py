"""Make the pages ready: the home folder, Django with the pages' settings, all tables, and the checks."""

# ruff: noqa: PLC0415 - Django is imported once its settings are known

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from seatbeacon.beacon.locks import cluster_lock, file_lock
from seatbeacon.beacon.settings import Settings, load_settings
from seatbeacon.beacon.start import make_home, migrate, newer_home

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

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
    with file_lock(settings.home / "locks" / "migrate"), cluster_lock("migrate"):
        from django.core.management import call_command
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        targets = executor.loader.graph.leaf_nodes()
        _refuse_newer(settings, executor.loader)
        if executor.migration_plan(targets):
            executor.migrate(targets)
        call_command("createcachetable", verbosity=0)
        call_command("clearsessions")


def _refuse_newer(settings: Settings, loader: MigrationLoader) -> None:
    """Raise NewerHome where an app of the pages has had a migration that is not here."""
    known = set(loader.disk_migrations or ())
    ours = {app for app, _ in known}
    for app, name in sorted(loader.applied_migrations or ()):
        if app in ours and (app, name) not in known:
            newest = max(mine for theirs, mine in known if theirs == app)
            raise newer_home(settings, f"{app} {name}", newest)
