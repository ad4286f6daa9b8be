"""Prices from a sheet, CSV or Excel: read whole, each row told good or why not, and nothing stored yet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.errors import InvalidPrice
from seatbeacon.beacon.models import Tenant
from seatbeacon.beacon.prices.amounts import read_amount, read_currency, read_day, read_per
from seatbeacon.beacon.prices.products import KnownProduct, find_product
from seatbeacon.beacon.prices.services import GivenPrice, base_currency, check_price, same_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_ROWS = 5000
MOST_BYTES = 2_000_000
COLUMNS = {
    "product": ("product", "sku id", "skuid", "sku", "part number", "sku part number", "product name"),
    "amount": ("price", "amount", "unit price", "price per seat"),
    "currency": ("currency",),
    "per": ("per", "period", "billing"),
    "valid_from": ("valid from", "from", "start"),
    "valid_to": ("valid to", "to", "until", "end"),
    "tenant": ("tenant", "tenant id"),
    "note": ("note", "comment"),
}
"""What a column may be called, whatever its case; `_` is a space. Product and price must be there."""


@dataclass(frozen=True)
class Row:
    """A row of the sheet by its number there. `price` where it is good, else `errors` say why not."""

    number: int
    product: str
    price: GivenPrice | None
    replaces: bool
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """All rows, and the columns that were not understood."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...]

    @property
    def good(self) -> list[GivenPrice]:
        """The prices that can be taken."""
        return [row.price for row in self.rows if row.price is not None]

    @property
    def bad(self) -> list[Row]:
        """The rows that cannot."""
        return [row for row in self.rows if row.errors]


def read_sheet(name: str, content: bytes, products: Mapping[str, KnownProduct]) -> Sheet:
    """Read a sheet called `name`. Raises InvalidPrice where it is no sheet of prices at all."""
    if len(content) > MOST_BYTES:
        raise InvalidPrice("file", f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    cells = _excel(content) if name.lower().endswith((".xlsx", ".xls", ".ods", ".xlsb")) else _csv(content)
    header, *body = cells or [[]]
    if len(body) > MOST_ROWS:
        raise InvalidPrice("file", f"The sheet has more than {MOST_ROWS:,} rows. Divide it.")
    places, ignored = _places(header)
    missing = [name for name in ("product", "amount") if name not in places]
    if missing:
        raise InvalidPrice(
            "file",
            f"The first row has no column {' and no column '.join(missing)}. It has to name the columns: "
            "product and price, and where wanted currency, per, valid from, valid to, tenant, note.",
        )
    reader = _Reader(dict(products))
    rows = [
        reader.row(number, {key: line[at] if at < len(line) else "" for key, at in places.items()})
        for number, line in enumerate(body, start=2)
        if any(str(cell).strip() for cell in line)
    ]
    return Sheet(tuple(rows), ignored)


def _places(header: Sequence[Any]) -> tuple[dict[str, int], tuple[str, ...]]:
    places: dict[str, int] = {}
    ignored: list[str] = []
    for at, cell in enumerate(header):
        called = " ".join(str(cell).replace("_", " ").split()).casefold()
        key = next((key for key, names in COLUMNS.items() if called in names), None)
        if key is None:
            ignored += [str(cell)] if called else []
        else:
            places.setdefault(key, at)
    return places, tuple(ignored)


class _Reader:
    """Reads the rows of one sheet; two rows for the same place are one too many."""

    def __init__(self, products: dict[str, KnownProduct]) -> None:
        self._products = products
        self._base = base_currency()
        self._tenants = {name: one.pk for one in Tenant.objects.all() for name in _names(one)}
        self._seen: dict[tuple[Any, ...], int] = {}

    def row(self, number: int, cells: Mapping[str, Any]) -> Row:
        errors: list[str] = []

        def read(key: str, reader: Any, *given: Any) -> Any:
            cell = cells.get(key, "")
            try:
                return reader(cell if str(cell).strip() else given[0] if given else cell)
            except ValueError as error:
                errors.append(f"{key.replace('_', ' ')}: {str(cell)!r} {error}.")
                return None

        text = str(cells["product"]).strip()
        product = find_product(self._products, text)
        if product is None:
            errors.append(
                f"product: {text!r} names no product, or several; give its id, part number or full name."
            )
        amount = read("amount", read_amount)
        currency = read("currency", read_currency, self._base)
        per = read("per", read_per, "month")
        begins, ends = read("valid_from", read_day), read("valid_to", read_day)
        tenant = read("tenant", self._tenant)
        shown = product.name if product else text
        if errors or product is None:
            return Row(number, shown, None, replaces=False, errors=tuple(errors))
        price = GivenPrice(
            sku_id=product.sku_id,
            amount=amount,
            currency=currency,
            per=per,
            valid_from=begins,
            valid_to=ends,
            tenant_id=tenant,
            note=str(cells.get("note", "")).strip(),
        )
        there = same_place(price)
        try:
            check_price(price, there)
        except InvalidPrice as error:
            return Row(number, shown, None, replaces=False, errors=(str(error),))
        place = (price.sku_id, price.tenant_id, price.valid_from)
        first = self._seen.setdefault(place, number)
        if first != number:
            told = f"Row {first} has the same product, tenant and first day."
            return Row(number, shown, None, replaces=False, errors=(told,))
        return Row(number, shown, price, replaces=there is not None, errors=())

    def _tenant(self, text: object) -> str | None:
        wanted = str(text or "").strip().casefold()
        if not wanted:
            return None
        if wanted not in self._tenants:
            raise ValueError("is no tenant that was imported; give its id or name, or leave it empty")
        return self._tenants[wanted]


def _names(tenant: Tenant) -> tuple[str, str]:
    return tenant.pk.casefold(), tenant.display_name.casefold()


def _csv(content: bytes) -> list[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # as Excel saves "CSV" in the West
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text), delimiter=mark, strict=True)]
    except csv.Error as error:
        raise InvalidPrice("file", f"The file is no CSV: {error}.") from error


def _excel(content: bytes) -> list[list[Any]]:
    import python_calamine  # noqa: PLC0415 - only where a workbook is read

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python(nrows=MOST_ROWS + 2)
    except (python_calamine.CalamineError, IndexError, ValueError) as error:
        raise InvalidPrice("file", f"The file is no Excel workbook that can be read: {error}.") from error
