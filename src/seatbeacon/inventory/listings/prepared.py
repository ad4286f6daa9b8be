"""What is prepared for several listings at once: who has which kind of account, how many rows a user has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings.declaration import Join, Prepared
from seatbeacon.inventory.listings.users import KIND, of_user, user_no

if TYPE_CHECKING:
    from seatbeacon.inventory.listings.declaration import Listing

_KINDS = "account_kinds"
_KIND = Join("k", f"LEFT JOIN {_KINDS} k ON k.user_no = u.user_no")
_MADE = (
    "SELECT user_no, lower(recipient_type) AS kind FROM mailboxes "
    "WHERE regexp_matches(recipient_type, 'shared|room|equipment', 'i')"
)
ROWS = "user_rows"
ROWS_MADE = (
    "SELECT u.user_no, coalesce(a.rows, 0)::UINTEGER AS assignment_rows, coalesce(h.rows, 0)::UINTEGER "
    "AS holder_rows, coalesce(e.rows, 0)::UINTEGER AS entitlement_rows, coalesce(g.rows, 0)::UINTEGER "
    "AS usage_rows, m.bytes_used AS mailbox_bytes, o.bytes_used AS onedrive_bytes, n.license_count "
    "FROM users u "
    "LEFT JOIN license_set_names n USING (set_no) "
    "LEFT JOIN mailboxes m USING (user_no) LEFT JOIN onedrives o USING (user_no) "
    "LEFT JOIN (SELECT user_no, count(*) AS rows FROM assignments GROUP BY user_no) a USING (user_no) "
    "LEFT JOIN (SELECT set_no, count(*) AS rows FROM license_sets GROUP BY set_no) h USING (set_no) "
    "LEFT JOIN (SELECT set_no, count(*) AS rows FROM entitled_sets GROUP BY set_no) e USING (set_no) "
    "LEFT JOIN (SELECT user_no, count(*) AS rows FROM usage GROUP BY user_no) g USING (user_no) "
    "ORDER BY u.rowid"
)
"""The SELECT that makes the table that `Listing.tally` names a column of: a row for each user, in the order
of their table, so that both can be read side by side and nothing is looked up."""
OUT_OF_ORDER = (
    f"SELECT count(*) FROM users u POSITIONAL JOIN {ROWS} r WHERE u.user_no IS DISTINCT FROM r.user_no"
)
"""How many of its rows are in another order."""

_SUMMED = frozenset({"license_count", "mailbox_bytes", "onedrive_bytes"})


def with_sums(listing: Listing) -> Listing:
    """The listing of users, with what is summed of them prepared: a question about that begins there."""
    beside = replace(
        listing,
        source=f"{ROWS} r",
        joins=(
            replace(of_user("r"), whole="POSITIONAL JOIN users u"),
            *(join for join in listing.joins if join.alias not in ("m", "o")),
        ),
        columns=tuple(
            replace(column, sql=f"r.{column.key}") if column.key in _SUMMED else column
            for column in listing.columns
        ),
        person="r.user_no",
        ties=(user_no("r"),),
    )
    return replace(listing, prepared=Prepared(replace(listing, instead_for=_SUMMED, instead=beside), ()))


def with_kinds(listing: Listing) -> Listing:
    """The listing, with the kinds of accounts prepared: few rows, found among all mailboxes."""
    if KIND not in listing.joins or not listing.person:
        return listing
    made = listing.prepared or Prepared(listing, ())
    table = _joined(made.listing)
    if table.instead:
        table = replace(table, instead=_joined(table.instead))
    return replace(listing, prepared=Prepared(table, (*made.tables, (_KINDS, _MADE))))


def _joined(listing: Listing) -> Listing:
    return replace(listing, joins=tuple(_KIND if join is KIND else join for join in listing.joins))
