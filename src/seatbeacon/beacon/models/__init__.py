"""The tables of the control plane."""

from seatbeacon.beacon.models.audit import AuditEntry
from seatbeacon.beacon.models.authorization import Authorization, Method
from seatbeacon.beacon.models.connection import Connection, Flow, SourceType
from seatbeacon.beacon.models.decision import Decision, DecisionState, Reckoning, SavingsDay
from seatbeacon.beacon.models.exemption import Absence, Exempted
from seatbeacon.beacon.models.import_run import ACTIVE_STATES, ImportRun, RunState, Trigger
from seatbeacon.beacon.models.inventory_version import InventoryVersion
from seatbeacon.beacon.models.notification import Event, Notice, NotificationTarget
from seatbeacon.beacon.models.price import Currency, Per, ProductPrice
from seatbeacon.beacon.models.rule_setting import RuleSetting
from seatbeacon.beacon.models.run_log import RunLogLine
from seatbeacon.beacon.models.schedule import Occurrence, Schedule, ScheduleKind, Turn, TurnState
from seatbeacon.beacon.models.secret import SecretField, StoredSecret
from seatbeacon.beacon.models.tenant import Tenant
from seatbeacon.beacon.models.version_brief import VersionBrief
from seatbeacon.beacon.models.wanted_day import WantedDay
from seatbeacon.beacon.models.worker import TenantWriting, Worker, WorkerKind

__all__ = [
    "ACTIVE_STATES",
    "Absence",
    "AuditEntry",
    "Authorization",
    "Connection",
    "Currency",
    "Decision",
    "DecisionState",
    "Event",
    "Exempted",
    "Flow",
    "ImportRun",
    "InventoryVersion",
    "Method",
    "Notice",
    "NotificationTarget",
    "Occurrence",
    "Per",
    "ProductPrice",
    "Reckoning",
    "RuleSetting",
    "RunLogLine",
    "RunState",
    "SavingsDay",
    "Schedule",
    "ScheduleKind",
    "SecretField",
    "SourceType",
    "StoredSecret",
    "Tenant",
    "TenantWriting",
    "Trigger",
    "Turn",
    "TurnState",
    "VersionBrief",
    "WantedDay",
    "Worker",
    "WorkerKind",
]
