"""What is accepted, as changes to licenses that a person makes elsewhere: Seatbeacon itself only reads."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from seatbeacon.beacon.imports.versions import version_path
from seatbeacon.beacon.savings.listed import ACCEPTED, recommendations_with_states
from seatbeacon.inventory import query
from seatbeacon.inventory.describe import describe
from seatbeacon.optimization.decided import by_groups, owned_products
from seatbeacon.optimization.scripts import Change, Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seatbeacon.beacon.models import InventoryVersion
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.optimization import Outcome

_COLUMNS = (
    "user_id", "sku_id", "rule", "user_principal_name", "product_name", "rule_title", "action", "replacement",
)  # fmt: skip
_CHANGING = ("remove", "replace")
_NAMED = 10


class _Accepted(NamedTuple):
    """A row of `_COLUMNS`."""

    user: str | None
    sku: str
    rule: str
    principal: str | None
    product: str
    title: str
    action: str
    replacement: Sequence[str] | None

    @property
    def key(self) -> tuple[str, str, str]:
        """User, product and rule."""
        return self.user or "", self.sku, self.rule


def plan_of(settings: Settings, version: InventoryVersion, outcome: Outcome) -> Plan:
    """What is accepted or in work, a change per user; and in words what is left out of it.

    Left out: what is of no user, what is no removal or replacement, licenses that (also) come by a group, and
    replacements by products that the tenant does not have. Raises `InvalidQuery` and `BadVersion`.
    """
    file, listing = recommendations_with_states(outcome)
    found = query.run(file, listing, filters=[ACCEPTED], columns=_COLUMNS, sort=["user_id", "sku_id"])
    rows = [_Accepted(*row) for row in found.rows]  # type: ignore[arg-type] # a listing's cells
    path = version_path(settings, version)
    grouped, owned = by_groups(path, [row.key for row in rows]), owned_products(path)
    told, by_user = _Told(), defaultdict[str, list[_Accepted]](list)
    for row in rows:
        if not row.user or row.action not in _CHANGING:
            told.add("that take no license from anybody", row.product)
        elif groups := grouped.get(row.key):
            told.add("of licenses that come by a group, where people leave the group", " and ".join(groups))
        elif missing := [part for part in row.replacement or () if part not in owned]:
            told.add("that need a product which the tenant does not have", " and ".join(missing))
        else:
            by_user[row.user].append(row)
    described = describe(path)
    return Plan(
        tenant_id=version.tenant_id,
        tenant=described.tenant_name,
        made=f"after the import of {described.imported_at:%Y-%m-%d %H:%M} UTC",
        changes=tuple(_change(user, held, owned) for user, held in by_user.items()),
        told=tuple(told.sentences()),
    )


def _change(user: str, held: list[_Accepted], owned: dict[str, str]) -> Change:
    removed = tuple(dict.fromkeys(row.sku for row in held))
    new = dict.fromkeys(part for row in held for part in row.replacement or ())
    names = dict.fromkeys(row.product for row in held)
    return Change(
        user_id=user,
        user=held[0].principal or user,
        remove=removed,
        add=tuple(owned[part] for part in new if owned[part] not in removed),
        products=f"remove {', '.join(names)}" + (f"; add {', '.join(new)}" if new else ""),
        why=", ".join(dict.fromkeys(row.title for row in held)),
    )


class _Told:
    """What is left out, and of what."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, int]] = {}

    def add(self, why: str, name: str) -> None:
        """Count one that is left out."""
        names = self._names.setdefault(why, {})
        names[name] = names.get(name, 0) + 1

    def sentences(self) -> list[str]:
        """A sentence for each reason."""
        return [
            f"Not in here: {sum(names.values()):,} accepted {why} ({', '.join(sorted(names)[:_NAMED])}"
            f"{', …' if len(names) > _NAMED else ''})."
            for why, names in self._names.items()
        ]
