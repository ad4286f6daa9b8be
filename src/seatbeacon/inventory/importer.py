"""From a package to a new version of a tenant's inventory."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from seatbeacon.inventory import engine
from seatbeacon.inventory.blank import write_blank
from seatbeacon.inventory.errors import BadPackageData, BadVersion
from seatbeacon.inventory.files import discard_partial, put_in_place
from seatbeacon.inventory.importing import directory, reports, state, summaries, usage, users
from seatbeacon.inventory.importing.context import Context
from seatbeacon.inventory.importing.faults import explained
from seatbeacon.inventory.result import Counts, HoldReason, ImportResult
from seatbeacon.inventory.schema import SCHEMA_VERSION, meta_of, refuse_newer, set_meta, upgrade_tables
from seatbeacon.inventory.store import partial_of, scratch_of
from seatbeacon.inventory.views import make_views

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seatbeacon.collection.package.reader import Package
    from seatbeacon.inventory.statements import Statements

DECODER_VERSION = 1
"""Raised when the reading of a user's line changes, so that unchanged lines are decoded anew once."""


def import_package(
    package: Package,
    *,
    previous: Path | None,
    target: Path,
    imported_at: datetime,
    catalog: Path | None = None,
    hold_share: float = 0.20,
    progress: Callable[[str], None] | None = None,
    check_cancelled: Callable[[], None] | None = None,
    memory_limit: str = "600MB",
) -> ImportResult:
    """Write the version `target`: what `previous` held, and over it what `package` brings.

    `previous` (None for a tenant's first import) is only read. `imported_at` is aware. `catalog` is the
    administrator's newer product table, where there is one. `progress` is told each step in words;
    `check_cancelled` may raise to stop between steps. `memory_limit` is DuckDB's; the process takes some
    more.

    All is written to `target` with `.partial` behind it, in one transaction, checkpointed and synced, then
    renamed: a kill at any moment leaves nothing under `target`. Where more than `hold_share` of the users
    (0.2 is 20 %) would go, the result says `held`; the file is whole, and publishing it is for a person to
    decide.

    Raises `InventoryError`s: `BadPackageData`, `BadVersion`, `NoSpace`, `Unwritable`; and what
    `check_cancelled` raises. Nothing is left then but, where even that fails, the partial file.
    """
    if imported_at.tzinfo is None:
        raise ValueError("imported_at must be an aware time.")
    partial = partial_of(target)
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        discard_partial(target)
        try:
            if previous is not None:
                shutil.copyfile(previous, partial)
            else:
                write_blank(partial, package, scratch_of(target))
            with closing(
                engine.open_for_writing(partial, memory_limit=memory_limit, scratch=scratch_of(target))
            ) as connection:
                context = Context(
                    connection=connection,
                    package=package,
                    now=imported_at.astimezone(UTC).replace(tzinfo=None),
                    catalog=catalog,
                    check=check_cancelled or (lambda: None),
                    progress=progress or (lambda _what: None),
                )
                result = _write(context, previous or target, target, hold_share)
            put_in_place(target)
        except BaseException:
            discard_partial(target)
            raise
    return result


def _write(context: Context, base: Path, target: Path, hold_share: float) -> ImportResult:
    schema = context.sql("schema")
    decode_everything = _prepare(context, base)
    number, last = schema.one("last_import")
    context.now = max(context.now, last + timedelta(microseconds=1)) if last else context.now
    context.first = number == 0
    context.known = state.known(context.sql("state"))

    context.step("Reading users")
    before, gone = users.stage(context, decode_everything=decode_everything)
    context.imported.add("users")
    if context.collected("organization"):
        context.imported.add("organization")
    directory.stage(context)
    users.stage_assignments(context)
    staged = reports.stage(context)

    context.step("Merging")
    context.connection.execute("BEGIN")
    usage.ensure_slots(context)
    licenses = directory.merge(context)
    assignments = users.merge_assignments(context)
    summaries.load_catalog(context)
    reports.merge_details(context, staged)
    context.step("Merging usage")
    usage.merge(context, staged)
    context.step("Merging users")
    people = users.merge_users(context)
    directory.merge_sign_ins(context)
    state.keep(context, staged)
    context.step("Counting")
    measures = summaries.summarise(context)
    _log(context, schema, number + 1, people)
    context.check()
    context.connection.execute("COMMIT")
    context.step("Writing")
    context.connection.execute("CHECKPOINT")
    held = HoldReason(before, gone, hold_share) if before and gone / before > hold_share else None
    return ImportResult(
        file=target,
        imported_at=context.now.replace(tzinfo=UTC),
        users=people,
        licenses=licenses,
        assignments=assignments,
        held=held,
        notes=tuple(context.notes),
        measures=measures,
    )


def _prepare(context: Context, base: Path) -> bool:
    """Check the tables, and bring them up to date; answers whether every line must be decoded anew."""
    tenant = context.package.manifest.tenant
    if tenant is None:
        raise BadPackageData("The package does not say whose it is.", "Collect again.")
    known = meta_of(context.connection)
    if not known:
        raise BadVersion(f"{base} is no inventory.", "Go back to an earlier version, then import again.")
    number = int(known["schema_version"])
    refuse_newer(number, base)
    if number < SCHEMA_VERSION:
        upgrade_tables(context.connection, number)
    else:
        make_views(context.connection)
    if known.get("tenant_id", tenant.id).lower() != tenant.id.lower():
        raise BadPackageData(
            f"The package is of tenant {tenant.id}, the inventory of {known['tenant_id']}.",
            "Import it through that tenant's connection.",
        )
    facts = {
        "schema_version": str(SCHEMA_VERSION),
        "decoder_version": str(DECODER_VERSION),
        "tenant_id": tenant.id,
        "tenant_name": tenant.display_name,
    }
    if any(known.get(key) != value for key, value in facts.items()):
        set_meta(context.connection, facts)
    return known.get("decoder_version") != facts["decoder_version"]


def _log(context: Context, schema: Statements, number: int, people: Counts) -> None:
    manifest = context.package.manifest
    schema.run(
        "log_import",
        number=number,
        now=context.now,
        started=state.naive(manifest.started_at),
        connection=manifest.connection,
        by=manifest.created_by,
        total=people.total,
        added=people.added,
        removed=people.removed,
        changed=people.changed,
    )
