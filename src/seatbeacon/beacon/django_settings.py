"""Django's settings, derived from `seatbeacon.beacon.settings`: nothing is configured here alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.settings import load_settings

if TYPE_CHECKING:
    from seatbeacon.beacon.settings.database import Database

BUSY_SECONDS = 30
"""How long a writer waits for another one; transactions are a few rows each."""


def database_settings(database: Database) -> dict[str, Any]:
    """Django's description of `database`."""
    if database.engine == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": database.name,
            "OPTIONS": {
                "timeout": BUSY_SECONDS,
                # A transaction takes the write lock when it begins: none fails in its middle for being late.
                "transaction_mode": "IMMEDIATE",
                # FULL: a refresh token that was stored is still there after the power failed.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    # A process that is paused in its transaction, or whose machine is gone, holds nobody up for good.
    patience = {
        "connect_timeout": "10",
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "keepalives_count": "3",
        "options": f"-c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout=60s",
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "HOST": database.host,
        "PORT": str(database.port or ""),
        "USER": database.user,
        "PASSWORD": database.password,
        "OPTIONS": patience | dict(database.options),
    }


DATABASES = {"default": database_settings(load_settings().database)}
INSTALLED_APPS = ["seatbeacon.beacon.apps.BeaconConfig"]
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
# Django's own logging set-up costs start-up time and mails administrators; errors go to the caller here.
LOGGING_CONFIG = None
