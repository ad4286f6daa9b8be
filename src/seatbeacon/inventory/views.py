"""What a version file tells whoever opens it with DuckDB: a view for each listing, such as `list_users`, and
what each table holds, as comments.

All are definitions: they cost an import the writing of some lines, once.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.querying.binding import REFRESH
from seatbeacon.inventory.statements import Statements, blocks

if TYPE_CHECKING:
    import duckdb

    from seatbeacon.inventory.listings import Listing

_MADE = "views"  # in the table meta: the digest of what was made


def view_name(listing: Listing) -> str:
    """The view of a listing: `list_service_plans` is that of `service-plans`."""
    return f"list_{listing.name.replace('-', '_')}"


def make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make all views and comments where they are not there yet, or are of another program's."""
    text = _text()
    digest = hashlib.sha256(text.encode()).hexdigest()
    schema = Statements(connection, "schema")
    if dict(schema.rows("meta")).get(_MADE) != digest:
        connection.execute(text)
        schema.run("forget_meta", keys=[_MADE])
        schema.run("set_meta", keys=[_MADE], values=[digest])


def definition(listing: Listing) -> str:
    """The SELECT of all columns of a listing, as of the last import."""
    picked = ", ".join(f"{column.expression()} AS {column.key}" for column in listing.columns)
    sql = f"SELECT {picked} FROM {listing.from_clause(picked)}"  # noqa: S608 - made of declarations
    for mark, text in (("{near}", "TRUE"), ("{today}", "current_date"), ("{refresh}", f"({REFRESH})")):
        sql = sql.replace(mark, text)
    return sql


@cache
def _text() -> str:
    schema, parts = blocks("schema"), []
    for listing in LISTINGS.values():
        name, about = view_name(listing), listing.about.replace("'", "''")
        parts.append(f"CREATE OR REPLACE VIEW {name} AS {definition(listing)}")
        parts.append(f"COMMENT ON VIEW {name} IS '{about}'")
    return ";\n".join((schema["views"].rstrip(";"), schema["comments"], *parts))
