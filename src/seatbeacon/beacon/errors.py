"""What the control plane refuses, in words for people.

BeaconError
├── BadSetting              an environment variable holds what it cannot
├── HomeError               the home folder cannot be used
│   ├── NewerHome           a newer Seatbeacon made it
│   └── MissingDriver       the database's driver is not installed
├── InvalidConnection       a field of a connection is wrong; says what a right value looks like
├── NoSuchConnection
├── ConnectionDisabled
├── SecretError
│   ├── BadSecretKeys       the key ring cannot be read
│   ├── KeyLost             the key that sealed a secret is not in the key ring
│   ├── SecretDamaged       a stored secret does not open under its key: changed, or of another row or field
│   └── SecretMissing       the flow needs a secret that the connection does not hold
├── RunError
│   ├── NoSuchRun
│   ├── RunIsActive         another run of this connection is under way
│   └── WrongState          the run is not in the state that the action needs
├── NothingPublished        no import of any tenant has been published yet
├── TenantError
│   ├── NoSuchTenant
│   ├── SeveralTenants      one must be chosen
│   └── ForeignTenant       the data is of another tenant than the connection's
└── StaleVersion            a newer version was published since this one was made

No class here is worth a retry by itself; `graph.errors` has those.
"""

# ruff: noqa: N818 - an error is named for what happened, and the base says that it is one

from __future__ import annotations


class BeaconError(Exception):
    """Something a person must know. The text is the message: what happened, where, and what to do."""


class BadSetting(BeaconError):
    """A setting holds what it cannot."""


class HomeError(BeaconError):
    """The home folder cannot be used."""


class NewerHome(HomeError):
    """The home was made by a newer version of Seatbeacon."""


class MissingDriver(HomeError):
    """The database that DATABASE_URL names needs a driver that is not installed."""


class InvalidConnection(BeaconError):
    """A field of a connection is wrong. `field` is the field's name as the command line spells it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NoSuchConnection(BeaconError):
    """No connection bears that name."""


class ConnectionDisabled(BeaconError):
    """A disabled connection imports nothing."""


class SecretError(BeaconError):
    """A secret cannot be stored or read."""


class BadSecretKeys(SecretError):
    """The keys that seal secrets cannot be read."""


class KeyLost(SecretError):
    """The key that sealed a secret is not among the keys."""


class SecretDamaged(SecretError):
    """A stored secret does not open under its key."""


class SecretMissing(SecretError):
    """The connection's flow needs a secret that it does not hold."""


class RunError(BeaconError):
    """An import run cannot do what was asked."""


class NoSuchRun(RunError):
    """No import run bears that number."""


class RunIsActive(RunError):
    """Another run of the same connection is under way."""


class WrongState(RunError):
    """The run is not in the state that the action needs."""


class NothingPublished(BeaconError):
    """No version of any tenant's inventory has been published yet."""


class TenantError(BeaconError):
    """The tenant is not the one that is meant."""


class NoSuchTenant(TenantError):
    """No tenant with that id or name has been imported."""


class SeveralTenants(TenantError):
    """Several tenants are here and none was chosen."""


class ForeignTenant(TenantError):
    """The data is of another tenant than the connection's."""


class StaleVersion(BeaconError):
    """A newer version was published since this one was made."""
