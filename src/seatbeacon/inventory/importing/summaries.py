"""What listings show of licenses and applications, and the day's counts."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from seatbeacon.inventory.applications import applications

if TYPE_CHECKING:
    from seatbeacon.inventory.importing.context import Context


def load_catalog(context: Context) -> None:
    """The product catalog into a temporary table: the administrator's copy, else the one that ships."""
    sql = context.sql("summaries")
    if context.catalog is not None and context.catalog.exists():
        sql.run("load_catalog", path=str(context.catalog))
        return
    with as_file(files("seatbeacon.inventory").joinpath("catalog", "products.csv")) as shipped:
        sql.run("load_catalog", path=str(shipped))


def _tell_unknown(context: Context) -> None:
    unknown = [part for (part,) in context.sql("summaries").rows("unknown_products")]
    if unknown:
        context.notes.append(
            "Products that the catalog does not know, and that keep their part number: "
            f"{', '.join(unknown[:10])}{f' and {len(unknown) - 10} more' if len(unknown) > 10 else ''}. "
            "A newer table of Microsoft's may name them."
        )


def summarise(context: Context) -> dict[str, int | float]:
    """Count licenses, applications and the day; answers the measures that trends are drawn from."""
    sql = context.sql("summaries")
    refreshed = dict(sql.rows("refresh_dates"))
    refresh = refreshed.get("activeUsers")
    for step in (
        "license_names",
        "forget_product_names",
        "add_product_names",
        "forget_set_names",
        "add_set_names",
        "no_set",
        "forget_licenses",
        "licenses",
    ):
        sql.run(step, refresh=refresh)
    _tell_unknown(context)
    declared = applications()
    sql.run(
        "applications",
        names=[each.name for each in declared],
        kinds=[each.kind for each in declared],
        plans=[list(each.plans) for each in declared],
        excluded=[list(each.excluded) for each in declared],
        refreshes=[
            max((refreshed[name] for name in each.reports if name in refreshed), default=None)
            for each in declared
        ],
    )
    for step in (
        "plan_bits",
        "entitled",
        "forget_entitled",
        "add_entitled",
        "forget_applications",
        "add_applications",
        "add_enterprise",
    ):
        sql.run(step)
    day = context.package.manifest.started_at.date()
    sql.run("forget_day", day=day)
    sql.run("daily_counts", day=day)
    return dict(sql.rows("measures", day=day))
