"""Start the control plane: the home folder, Django, and the database's tables, made or brought up to date."""

# ruff: noqa: PLC0415 - Django is imported once its settings are known, and migrations only where needed

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

from seatbeacon.beacon.errors import HomeError, MissingDriver, NewerHome
from seatbeacon.beacon.locks import cluster_lock, file_lock
from seatbeacon.beacon.settings import Settings, load_settings

_MIGRATIONS = Path(__file__).with_name("migrations")


def start() -> Settings:
    """Make everything ready for the models to be used, and return the settings.

    Costs one query where the tables are up to date. Raises HomeError where the home cannot be used.
    """
    settings = load_settings()
    make_home(settings.home)
    # Commands tell people what they must know themselves; whoever wants the lines adds a handler.
    logging.getLogger("seatbeacon").addHandler(logging.NullHandler())
    os.environ["DJANGO_SETTINGS_MODULE"] = "seatbeacon.beacon.django_settings"
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db.utils import OperationalError

    try:
        django.setup(set_prefix=False)  # the prefix is for URLs, whose import takes its time
        migrate(settings)
    except ImproperlyConfigured as error:
        if "psycopg" in str(error):
            message = (
                "DATABASE_URL names PostgreSQL, whose driver is not installed. "
                "Run: pip install 'psycopg[binary]'"
            )
            raise MissingDriver(message) from error
        raise
    except OperationalError as error:
        message = (
            f"The database {settings.database} cannot be opened: {str(error).strip()}. Check DATABASE_URL."
        )
        raise HomeError(message) from error
    return settings


def make_home(home: Path) -> None:
    """Make the home folder, for its owner alone, where there is none."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        message = (
            f"The home folder {home} cannot be made: {reason}. Set SEATBEACON_HOME to a folder that can."
        )
        raise HomeError(message) from error


def migrate(settings: Settings) -> None:
    """Bring the tables up to date, one process at a time. Raises NewerHome where they are ahead of us."""
    ours = newest_migration()
    if _is_current(applied_migration(), ours, settings):
        return
    with file_lock(settings.home / "locks" / "migrate"), cluster_lock("migrate"):
        if _is_current(applied_migration(), ours, settings):
            return
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes("beacon"))


def newest_migration() -> str:
    """The name of the newest migration of this program, such as `0001_initial`."""
    return max(path.stem for path in _MIGRATIONS.iterdir() if re.fullmatch(r"\d{4}_\w+\.py", path.name))


def applied_migration() -> str | None:
    """The name of the newest migration in the database, or None where it is empty."""
    from django.db import DatabaseError, connection

    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT max(name) FROM django_migrations WHERE app = 'beacon'")
        except DatabaseError as error:
            if "django_migrations" in str(error):
                return None
            raise
        row = cursor.fetchone()
    return row[0] if row else None


def _is_current(applied: str | None, ours: str, settings: Settings) -> bool:
    if applied is not None and applied > ours:
        raise newer_home(settings, applied, ours)
    return applied == ours


def newer_home(settings: Settings, applied: str, ours: str) -> NewerHome:
    """What is raised where the home has the tables of `applied`, and this program knows those of `ours`."""
    return NewerHome(
        f"The home {settings.home} was made by a newer version of Seatbeacon: "
        f"it has the tables of {applied}, this one knows {ours}. "
        "Install the newer version, or set SEATBEACON_HOME to another folder."
    )
