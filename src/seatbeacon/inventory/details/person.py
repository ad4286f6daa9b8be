"""One user: who it is, what it holds and by which way, what it uses, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seatbeacon.inventory.changes.between import ATTRIBUTES
from seatbeacon.inventory.details.timeline import Event, Period, timeline
from seatbeacon.inventory.engine import is_prepared, reading
from seatbeacon.inventory.preparing.tables import APPLICATIONS
from seatbeacon.inventory.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

COLUMNS = (
    "id", "manager_id", "manager_user_principal_name", "created_at", *ATTRIBUTES,
)  # fmt: skip
NOW = datetime(9999, 1, 1)  # noqa: DTZ001 - as the inventory keeps times: naive UTC


@dataclass(frozen=True)
class Way:
    """How a product came to the user: directly, or through a group; since when, and whether it works."""

    source: str
    group_id: str | None
    group_name: str | None
    state: str | None
    error: str | None
    assigned_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """A service plan of a product that the user holds, switched on or off for it."""

    id: str
    name: str
    on: bool


@dataclass(frozen=True)
class Held:
    """A product that the user holds. `counted` is False where an assignment failed: it takes no seat."""

    sku_id: str
    name: str
    part_number: str
    counted: bool
    ways: tuple[Way, ...]
    plans: tuple[Plan, ...]

    @property
    def off(self) -> int:
        """How many of its service plans are switched off."""
        return sum(not plan.on for plan in self.plans)


@dataclass(frozen=True)
class Activity:
    """What is known of the user in an application on a platform; `within_days` where only a period is."""

    application: str
    platform: str
    last: date | None
    within_days: int | None
    as_of: date | None


@dataclass(frozen=True)
class Storage:
    """A mailbox or a OneDrive: bytes used and allowed, items or files, and the day its report is of."""

    used: int | None
    allowed: int | None
    things: int | None
    last: date | None
    as_of: date | None
    kind: str | None = None
    archive: bool | None = None
    address: str | None = None

    @property
    def percent(self) -> int | None:
        """How full it is, from 0 to 100."""
        if not self.allowed or self.used is None:
            return None
        return min(100, round(100 * self.used / self.allowed))


@dataclass(frozen=True)
class Person:
    """A user as of the last import, or of a moment. `gone`: not in the tenant then (`last_seen` says until
    when); `attributes` are then the last known. Times are aware UTC."""

    id: str
    gone: bool
    first_seen: datetime
    last_seen: datetime | None
    attributes: dict[str, Any]
    last_activity: date | None
    held: tuple[Held, ...]
    usage: tuple[Activity, ...]
    activations: tuple[tuple[Any, ...], ...] = ()
    mailbox: Storage | None = None
    onedrive: Storage | None = None
    sign_ins: tuple[datetime | None, ...] = ()
    applications: tuple[tuple[str, str, datetime | None], ...] = ()
    events: tuple[Event, ...] = field(default=())

    @property
    def name(self) -> str:
        """What to call the user: the name, else the principal name, else the id."""
        found = self.attributes.get("display_name") or self.attributes.get("user_principal_name")
        return str(found or self.id)


_BY_HASH = f"(SELECT * FROM {APPLICATIONS} WHERE key = hash($id::VARCHAR))"  # noqa: S608 - a name of ours


def person(version_file: Path, user_id: str, as_of: datetime | None = None) -> Person | None:
    """Everything of one user, by the id that the directory gives; as of a moment (aware) where one is given.

    None where no import ever brought such a user. What Microsoft tells of now only (activations, storage,
    sign-ins, enterprise applications) is empty as of a moment. Raises `BadVersion`.
    """
    moment = as_of.astimezone(UTC).replace(tzinfo=None) if as_of else NOW
    prepared = is_prepared(version_file)
    with reading(version_file) as connection:
        sql = Statements(connection, "person")
        known = sql.run("number_by_hash" if prepared else "number", id=user_id).fetchone()
        if known is None:
            return None
        number = int(known[0])
        periods = [
            Period(dict(zip(COLUMNS, row, strict=False)), row[-2], row[-1])
            for row in sql.rows("attributes", {"columns": ", ".join(COLUMNS)}, number=number)
        ]
        ways = sql.rows("ways", number=number)
        valid = [one for one in periods if one.begins <= moment and (one.ends is None or one.ends > moment)]
        until = [one for one in periods if one.begins <= moment] or periods
        shown = valid[-1] if valid else until[-1]
        names, groups = _names(sql, ways)
        activity = sql.run("activity", number=number).fetchone() if as_of is None else None
        links = _BY_HASH if prepared else "application_assignments"
        present = _of_today(sql, number, user_id, links) if as_of is None and valid else {}
        first = sql.one("first_import")[0]
        return Person(
            id=user_id,
            gone=not valid,
            first_seen=periods[0].begins.replace(tzinfo=UTC),
            last_seen=shown.ends.replace(tzinfo=UTC) if shown.ends and not valid else None,
            attributes=shown.values,
            last_activity=activity[0] if activity else None,
            held=tuple(_held(sql, number, ways, moment, names, groups)),
            usage=tuple(Activity(*row) for row in sql.rows("usage", number=number, moment=moment)),
            events=timeline(periods, ways, names, groups, first),
            **present,
        )


def _names(
    sql: Statements, ways: Iterable[tuple[Any, ...]]
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    skus = sorted({way[0] for way in ways})
    groups = sorted({way[2] for way in ways if way[2]})
    names = {sku: (name or sku, part or sku) for sku, name, part in sql.rows("products", skus=skus)}
    return (
        {sku: names.get(sku, (sku, sku)) for sku in skus},
        {key: name or key for key, name in sql.rows("groups", groups=groups)},
    )


def _held(
    sql: Statements,
    number: int,
    ways: list[tuple[Any, ...]],
    moment: datetime,
    names: dict[str, tuple[str, str]],
    groups: dict[str, str],
) -> Iterable[Held]:
    valid = [way for way in ways if way[8] <= moment and (way[9] is None or way[9] > moment)]
    skus = sorted({way[0] for way in valid}, key=lambda sku: names[sku])
    off_now = dict(sql.rows("off", number=number)) if moment == NOW else {}
    plans: dict[str, list[tuple[str, str]]] = {}
    for sku, plan, name in sql.rows("plans", skus=skus):
        plans.setdefault(sku, []).append((plan, name or plan))
    for sku in skus:
        own = [way for way in valid if way[0] == sku]
        # Held in several ways a plan is off only where each of them switches it off.
        off = set(off_now.get(sku) or set.intersection(*(set(way[5] or ()) for way in own)))
        yield Held(
            sku,
            *names[sku],
            counted=any(way[7] for way in own),
            ways=tuple(
                Way(way[1], way[2], groups.get(way[2], way[2]), way[3], way[4], _aware(way[6])) for way in own
            ),
            plans=tuple(Plan(plan, name, plan not in off) for plan, name in plans.get(sku, ())),
        )


def _of_today(sql: Statements, number: int, user_id: str, links: str) -> dict[str, Any]:
    mailbox = sql.run("mailbox", number=number).fetchone()
    onedrive = sql.run("onedrive", number=number).fetchone()
    sign_ins = sql.run("sign_ins", number=number).fetchone()
    return {
        "activations": tuple(sql.rows("activations", number=number)),
        "mailbox": _mailbox(*mailbox) if mailbox else None,
        "onedrive": _onedrive(*onedrive) if onedrive else None,
        "sign_ins": tuple(_aware(moment) for moment in sign_ins) if sign_ins else (),
        "applications": tuple(
            (key, name, _aware(at))
            for key, name, at in sql.rows("applications", {"assignments": links}, id=user_id)
        ),
    }


def _mailbox(kind: Any, used: Any, quota: Any, items: Any, last: Any, archive: Any, as_of: Any) -> Storage:
    return Storage(used, quota, items, last, as_of, kind=kind, archive=archive)


def _onedrive(used: Any, allocated: Any, files: Any, last: Any, address: Any, as_of: Any) -> Storage:
    return Storage(used, allocated, files, last, as_of, address=address)


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
