"""docs/reference/inventory-file.md: the tables and views of a version file, as a new file has them."""

from __future__ import annotations

from seatbeacon.inventory.listings import LISTINGS
from seatbeacon.inventory.statements import Statements
from seatbeacon.inventory.views import make_views, view_name

BEGINNING = """# The inventory file

A tenant's inventory is one [DuckDB](https://duckdb.org) file per version, `<tenant id>/v000001.duckdb` and so
on below the folder of inventories. A version never changes once it is published. An administrator takes it
from *Imports* → *Versions* (the size is the link) or
[over the API](../how-to/use-the-api.md#take-a-listing-as-a-file), whoever may run commands with
[`seatbeacon export DIR --inventory`](../how-to/export.md). Open it with anything that reads DuckDB 1.5 or
newer:

```
duckdb -readonly inventory.duckdb
```

Begin with the views: each listing is one, with the same rows and columns as on its page. Times are UTC.

```sql
SELECT product_name, purchased, assigned, available, never_active FROM list_licenses ORDER BY purchased DESC;

SELECT department, count(*) FROM list_holders
WHERE sku_part_number = 'SPE_E5' AND activity = 'never active' GROUP BY ALL;

SELECT department, count(*) FROM users_as_of(TIMESTAMP '2026-03-01 23:59:59') GROUP BY ALL;
```

The file says the same of itself: `SELECT table_name, comment FROM duckdb_tables()`, and `duckdb_views()`.

## Views

| view | a row is |
|---|---|"""

PAST = """
`users_as_of(moment)`, `assignments_as_of(moment)` and `licenses_as_of(moment)` are tables as they were. The
columns of a listing's view are those of [the listing](listings.md), by their keys.

## Tables with history

What is current stands in a table; what was there before stands in the table of the same name with `_history`.
`valid_from` is the import that brought a row, `valid_to` (in the history) the one that changed or removed it.

| table | a row is | columns |
|---|---|---|"""

PLAIN = """
## Tables without history

| table | a row is | columns |
|---|---|---|"""


def render() -> str:
    """The page."""
    import duckdb  # noqa: PLC0415 - a page's own subject

    with duckdb.connect() as connection:
        Statements(connection, "schema").run("tables")
        make_views(connection)
        tables = connection.execute(
            "SELECT t.table_name, t.comment, list(column_name ORDER BY column_index) "
            "FROM duckdb_tables() t JOIN duckdb_columns() c USING (table_oid) "
            "WHERE NOT t.internal GROUP BY ALL ORDER BY min(table_oid)"
        ).fetchall()
        views = dict(
            connection.execute("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall()
        )
    listed = {view_name(listing): listing for listing in LISTINGS.values()}
    order = [*listed, *(name for name in views if name not in listed)]
    dated = {name.removesuffix("_history") for name, _, _ in tables if name.endswith("_history")}
    parts = [BEGINNING, *(f"| `{name}` | {views[name]} |" for name in order), PAST]
    parts += [_row(*table) for table in tables if table[0] in dated]
    parts.append(PLAIN)
    parts += [_row(*table) for table in tables if table[0] not in dated and not table[0].endswith("_history")]
    return "\n".join(parts) + "\n"


def _row(name: str, comment: str, columns: list[str]) -> str:
    return f"| `{name}` | {comment} | {', '.join(f'`{column}`' for column in columns)} |"
