"""Licenses, service plans, subscriptions, groups, enterprise applications and sign-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.inventory.importing.faults import LINE_SIZE, reading_file
from seatbeacon.inventory.importing.merge import Merge
from seatbeacon.inventory.result import Counts

if TYPE_CHECKING:
    from seatbeacon.inventory.importing.context import Context

LICENSES = Merge(
    "licenses",
    "licenses_stage",
    keys=("sku_id",),
    columns=(
        "sku_part_number", "applies_to", "status", "purchased", "warning", "suspended", "locked_out",
        "consumed_units",
        "subscription_ids",
    ),
)  # fmt: skip
MERGES: dict[str, tuple[Merge, ...]] = {
    "subscribedSkus": (
        LICENSES,
        Merge(
            "service_plans",
            "service_plans_stage",
            keys=("sku_id", "plan_id"),
            columns=("plan_name", "provisioning_status", "applies_to"),
        ),
    ),
    "subscriptions": (
        Merge(
            "subscriptions",
            "subscriptions_stage",
            keys=("id",),
            columns=(
                "commerce_subscription_id", "sku_id", "sku_part_number", "status", "is_trial", "created_at",
                "next_lifecycle_at", "total_licenses",
            ),
        ),
    ),
    "groups": (
        Merge(
            "license_groups",
            "license_groups_stage",
            keys=("id",),
            columns=(
                "display_name", "group_types", "security_enabled", "mail_enabled", "membership_rule",
                "sku_ids",
                "processing_state",
            ),
        ),
    ),
    "servicePrincipals": (
        Merge(
            "enterprise_applications",
            "enterprise_applications_stage",
            keys=("id",),
            columns=(
                "app_id", "display_name", "publisher", "account_enabled", "assignment_required",
                "owner_tenant_id",
                "service_principal_type", "tags",
            ),
        ),
    ),
    "appRoleAssignedTo": (
        Merge(
            "application_assignments",
            "application_assignments_stage",
            keys=("id",),
            columns=(
                "application_id", "app_role_id", "principal_id", "principal_type", "principal_name",
                "created_at",
            ),
        ),
    ),
}  # fmt: skip
_LARGE = ("appRoleAssignedTo", "signInActivity")
"""Of these a file that is byte for byte the one before is not read again."""


def stage(context: Context) -> None:
    """Read the small datasets that came into temporary tables, one per table they go to."""
    sql = context.sql("directory")
    sql.run("keep_order")
    for dataset in (*MERGES, "signInActivity"):
        if context.collected(dataset) is None or (dataset in _LARGE and context.unchanged(dataset)):
            continue
        context.step(f"Reading {dataset}")
        path = context.path(dataset)
        structure = msgspec.json.encode(SCHEMAS[dataset].columns).decode()
        with reading_file(path, sql):
            sql.run("read_objects", path=path, structure=structure, line_size=LINE_SIZE)
            for merge in MERGES.get(dataset, ()):
                sql.run(merge.table)
            if dataset == "signInActivity":
                sql.run("sign_ins")
        context.imported.add(dataset)
    sql.run("any_order")


def merge(context: Context) -> Counts:
    """Take in what was staged; answers what changed among licenses."""
    counts = Counts()
    for dataset, merges in MERGES.items():
        if dataset in context.imported:
            for each in merges:
                changed = each.run(context)
                counts = changed if each is LICENSES else counts
    return counts


def merge_sign_ins(context: Context) -> None:
    """Take in when people signed in; after users, because it is theirs."""
    if "signInActivity" in context.imported:
        sql = context.sql("directory")
        sql.run("forget_sign_ins")
        sql.run("add_sign_ins")
