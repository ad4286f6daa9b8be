"""What the control plane refuses, in words for people.

BeaconError
├── BadSetting              an environment variable holds what it cannot
├── HomeError               the home folder cannot be used
│   ├── NewerHome           a newer Seatbeacon made it
│   └── MissingDriver       the database's driver is not installed
├── InvalidConnection       a field of a connection is wrong; says what a right value looks like
│   └── TenantTaken         another connection is to the same tenant already
├── InvalidSchedule         a field of a schedule is wrong; says what a right value looks like
├── NoSuchSchedule
├── NothingScheduled        no connection is on the schedule that is to be run
├── AuthorizationError      a sign-in at Microsoft brought no token, and changed nothing; `kind` says why
├── NotificationError       a notification cannot be sent, or its address is none
├── NoSuchConnection
├── ConnectionDisabled
├── InvalidPrice            a price, rate or sheet of prices is wrong; says what a right one looks like
├── BeingReckoned           what the rules find is not there yet: a worker judges just now
├── InvalidDecision         a decision on recommendations cannot be made so; says what is missing
├── FolderTaken             the folder of an export holds other things
├── LowDiskSpace            an import would leave less of the disk free than the setting says
├── SecretError
│   ├── BadSecretKeys       the key ring cannot be read
│   ├── KeyLost             the key that sealed a secret is not in the key ring
│   ├── SecretDamaged       a stored secret does not open under its key: changed, or of another row or field
│   └── SecretMissing       the flow needs a secret that the connection does not hold
├── RunError
│   ├── NoSuchRun
│   ├── RunIsActive         another run of this connection is under way
│   └── WrongState          the run is not in the state that the action needs
├── NoSuchVersion           that version of an inventory is not kept
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

from enum import StrEnum


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


class TenantTaken(InvalidConnection):
    """There is one connection per tenant, and `taken_by` names it."""

    def __init__(self, tenant_id: str, taken_by: str) -> None:
        super().__init__(
            "tenant-id",
            f"The connection “{taken_by}” is to tenant {tenant_id} already, and there is one connection per "
            f"tenant: an import covers all of it. Edit “{taken_by}”, or delete it first.",
        )
        self.taken_by = taken_by


class InvalidSchedule(BeaconError):
    """A field of a schedule is wrong. `field` is its name in `beacon.schedules`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NoSuchSchedule(BeaconError):
    """No schedule bears that name."""


class NothingScheduled(BeaconError):
    """No connection is on the schedule."""


class AuthorizationKind(StrEnum):
    """Why a sign-in brought no token."""

    DECLINED = "declined"
    EXPIRED = "expired"
    WRONG_STATE = "wrong-state"
    OTHER_SESSION = "other-session"
    USED = "used"
    FRAGMENT = "fragment"
    NOT_THE_REDIRECT = "not-the-redirect"
    NO_CODE = "no-code"
    TOO_LONG = "too-long"
    WRONG_TENANT = "wrong-tenant"
    WRONG_ACCOUNT = "wrong-account"
    CONSENT_MISSING = "consent-missing"
    NO_REFRESH_TOKEN = "no-refresh-token"  # noqa: S105 - a kind of failure
    TENANT_TAKEN = "tenant-taken"
    FAILED = "failed"
    CANDIDATE_GONE = "candidate-gone"
    CANDIDATE_MISMATCH = "candidate-mismatch"


class AuthorizationError(BeaconError):
    """A sign-in brought no token. `problem` is what happened, `remedy` what to do."""

    def __init__(self, kind: AuthorizationKind, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.kind, self.problem, self.remedy = kind, problem, remedy


class NotificationError(BeaconError):
    """A notification was not taken, or its target is wrong. The text tells nothing of the address."""


class NoSuchConnection(BeaconError):
    """No connection bears that name."""


class ConnectionDisabled(BeaconError):
    """A disabled connection imports nothing."""


class InvalidPrice(BeaconError):
    """A field of a price is wrong. `field` is the field's name in the form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class BeingReckoned(BeaconError):
    """What the rules find in a tenant is not there yet: a worker judges it. `fault` is what kept the last
    attempt from its end; empty where it is under way."""

    def __init__(self, tenant_id: str, fault: str = "") -> None:
        super().__init__(
            f"The rules could not be judged by. {fault}"
            if fault
            else "A worker judges this inventory by the rules just now, which takes up to half a minute. "
            "Ask again then."
        )
        self.tenant_id, self.fault = tenant_id, fault


class InvalidDecision(BeaconError):
    """A decision, an exemption, a leave or a rule's setting cannot stand. `field` is the form's."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class LowDiskSpace(BeaconError):
    """An import would leave less of the disk free than the setting says."""


class FolderTaken(BeaconError):
    """The folder of an export holds other things; none of them was touched."""


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


class NoSuchVersion(BeaconError):
    """That version of an inventory is not kept."""


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
