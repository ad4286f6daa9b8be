"""Facts of a version: what rules look at and no threshold changes, in a file beside the results.

Making it takes most of the time of an evaluation; a what-if asks it again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from seatbeacon.inventory.applications import applications
from seatbeacon.inventory.catalog.update import load_catalog
from seatbeacon.inventory.statements import Statements
from seatbeacon.optimization.evidence import (
    ACTIVE,
    APPS,
    MAILBOXES,
    ONEDRIVES,
    SIGN_INS,
    DatasetState,
    Evidence,
)
from seatbeacon.optimization.keeping import made_whole
from seatbeacon.optimization.plans import Plan, Plans

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from pathlib import Path

    import duckdb

    from seatbeacon.optimization.families import Families, Family
    from seatbeacon.optimization.inputs import Inputs

FACTS_VERSION = 1
"""Raised when facts are made another way, so that older files are not asked."""
_PACKAGE = "seatbeacon.optimization"
_PLACES = 62  # a bit each; nobody holds more products


@dataclass(frozen=True)
class Product:
    """A product of the tenant: held or bought. `paid`: neither free nor a trial."""

    sku_no: int
    sku_id: str
    part_number: str
    name: str
    family: Family
    segment: str
    paid: bool
    renewal_date: date | None
    purchased: int
    assigned: int


@dataclass(frozen=True)
class SetItem:
    """One product of one set of products that users hold; `place` is its bit within the set."""

    set_no: int
    place: int
    sku_id: str
    disabled: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """What an evaluation is about, read from the version: few rows, however many users there are."""

    tenant_id: str
    import_no: int
    imported_at: datetime
    evidence: Evidence
    families: Families
    products: dict[str, Product]
    plans: Plans
    sets: dict[int, tuple[SetItem, ...]]


def attach(connection: duckdb.DuckDBPyConnection, file: Path, name: str) -> None:
    """Attach a file to be read under a name of ours."""
    quoted = str(file).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")


def statements(connection: duckdb.DuckDBPyConnection, file: str) -> Statements:
    """The blocks of one of our `.sql` files."""
    return Statements(connection, file, _PACKAGE)


def as_json(rows: list[Any]) -> str:
    """Rows as one value to bind: of a list, DuckDB's client looks at each value anew, which takes a
    hundred times as long."""
    return msgspec.json.encode(rows).decode()


def read_subject(
    connection: duckdb.DuckDBPyConnection, families: Families, inputs: Inputs, extra: Iterable[str] = ()
) -> Subject:
    """Read what an evaluation is about from the version attached as `inv`. `extra` are products that the
    tenant does not own, and that something may be replaced by."""
    sql = statements(connection, "facts")
    tenant_id, _name = sql.one("tenant")
    import_no, imported_at = sql.one("last_import")
    states = {row[0]: DatasetState(*row[1:]) for row in sql.rows("dataset_states")}
    evidence = Evidence(states, imported_at.date(), inputs.settings.fresh_days)
    products = {}
    for number, row in enumerate(sql.rows("licenses")):
        sku, part, name, renewal, purchased, assigned, trial = row
        family = families.family_of(part)
        products[sku] = Product(
            number, sku, part, name, family, families.segment_of(part), not (family.free or trial),
            renewal, purchased, assigned,
        )  # fmt: skip
    if not any(each.family.role == "copilot" for each in products.values()):
        products |= _copilot(families, inputs, len(products))
    plans: dict[str, list[Plan]] = {}
    for sku, plan_id, name, company in sql.rows("service_plans"):
        plans.setdefault(sku, []).append((plan_id, name, company))
    wanted = {*products, *(sku.lower() for sku in extra)} - plans.keys()
    catalog = load_catalog(inputs.catalog) if wanted else {}
    for sku in wanted & catalog.keys():
        plans[sku] = [(plan_id, name.upper(), False) for name, plan_id in catalog[sku].plans]
    sets: dict[int, list[SetItem]] = {}
    for set_no, sku, disabled in sql.rows("sets"):
        held = sets.setdefault(set_no, [])
        held.append(SetItem(set_no, min(len(held), _PLACES), sku, tuple(disabled)))
    return Subject(
        tenant_id, import_no, imported_at, evidence, families, products, Plans(plans, families),
        {set_no: tuple(items) for set_no, items in sets.items()},
    )  # fmt: skip


def _copilot(families: Families, inputs: Inputs, number: int) -> dict[str, Product]:
    """Copilot, for a tenant that has none: what somebody who is likely to use it would be given."""
    for each in load_catalog(inputs.catalog).values():
        family, segment = families.family_of(each.part_number), families.segment_of(each.part_number)
        if family.role == "copilot" and segment == "commercial":
            return {
                each.sku_id: Product(
                    number,
                    each.sku_id,
                    each.part_number,
                    each.name,
                    family,
                    segment,
                    paid=True,
                    renewal_date=None,
                    purchased=0,
                    assigned=0,
                )
            }
    return {}


def facts_name(version_file: Path, families: Families, inputs: Inputs) -> str:
    """The name of the facts file of a version under these inputs: another where anything differs."""
    stat = version_file.stat()
    parts = [str(FACTS_VERSION), version_file.name, str(stat.st_size), str(stat.st_mtime_ns)]
    parts += [str(inputs.settings.fresh_days), repr(families)]
    if inputs.catalog is not None and inputs.catalog.exists():
        parts.append(hashlib.sha256(inputs.catalog.read_bytes()).hexdigest())
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return f"{version_file.stem}.facts-{digest}.duckdb"


def ensure_facts(version_file: Path, folder: Path, families: Families, inputs: Inputs) -> Path:
    """The facts file of a version in `folder`, made if it is not there: whole, or not there at all."""
    target = folder / facts_name(version_file, families, inputs)
    with made_whole(target) as connection:
        if connection is not None:
            attach(connection, version_file, "inv")
            _make(connection, read_subject(connection, families, inputs))
    return target


def _make(connection: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    sql, evidence = statements(connection, "facts"), subject.evidence
    sql.run("dimensions")
    sql.run("add_facts", imported_on=evidence.imported_on, signed_in_until=evidence.told_on(SIGN_INS))
    sql.run("add_products", rows=as_json([_product_row(each) for each in subject.products.values()]))
    slots = dict(sql.rows("application_slots"))
    items = [_item_row(item, subject, slots) for items in subject.sets.values() for item in items]
    if items:
        sql.run("add_set_items", rows=as_json(items))
    desktop: list[str] = []
    web: list[str] = []
    for slot, platform in sql.rows("platform_slots"):
        (desktop if platform in ("Windows", "Mac") else web).append(str(slot))
    told = sorted(slots.values())
    words = {
        "pivot": ", ".join(f"max(day) FILTER (slot = {slot}) AS d{slot}" for slot in told),
        "days": ", ".join(f"d.d{slot}" for slot in told),
        "anything": ", ".join(f"p.d{slot}" for slot in told),
        "masked": ", ".join(f"CASE WHEN i.app_bits & {1 << slot} <> 0 THEN p.d{slot} END" for slot in told),
        "desktop": ", ".join(desktop) or "-1",
        "web": ", ".join(web) or "-1",
    }
    apps = [each.name for each in applications() if APPS in each.reports] + ["Teams"]
    shifts = {f"shift{days}": evidence.shorter_shift(days) for days in (30, 90, 180)}
    sql.run("used", words, **shifts)
    sql.run(
        "persons",
        words,
        mailboxes=evidence.told_on(MAILBOXES) is not None,
        onedrives=evidence.told_on(ONEDRIVES) is not None,
    )
    sql.run("given")
    sql.run("seats", words, apps=sum(1 << slots[name] for name in apps if name in slots))
    sql.run("done")


def _product_row(product: Product) -> dict[str, Any]:
    return {
        "sku_no": product.sku_no,
        "sku_id": product.sku_id,
        "part_number": product.part_number.upper(),
        "sku_part_number": product.part_number,
        "product_name": product.name,
        "family": product.family.id,
        "role": product.family.role,
        "paid": product.paid,
        "renewal_date": product.renewal_date,
        "purchased": product.purchased,
        "assigned": product.assigned,
    }


def _item_row(item: SetItem, subject: Subject, slots: dict[str, int]) -> dict[str, Any]:
    evidence = subject.evidence
    given = subject.plans.applications(item.sku_id, item.disabled)
    days = [evidence.application_told_on(each) for each in given] if given else [evidence.anything_told_on()]
    known = all(day is not None for day in days)
    reports = sorted(
        {report for each in applications() if each.name in given for report in each.reports
         if evidence.told_on(report)} if given else {ACTIVE, APPS}
    )  # fmt: skip
    return {
        "set_no": item.set_no,
        "place": item.place,
        "sku_no": subject.products[item.sku_id].sku_no,
        "app_bits": sum(1 << slots[each] for each in given if each in slots),
        "known": known,
        "told_on": min(day for day in days if day is not None) if known else None,
        "reports": reports,
    }
