"""What a dataset is: everything about one reading, as data. Requests are built here and nowhere else."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal
from urllib.parse import quote

import msgspec

from seatbeacon.collection.package.schemas import SCHEMAS, FileSchema

EVENTUAL = {"ConsistencyLevel": "eventual"}
"""Advanced queries need it on every page (Microsoft Graph: Advanced query capabilities)."""


_SAFE = "$,()':/@=-._~"  # what an option's value may hold unescaped


class Kind(StrEnum):
    """How a dataset is read."""

    OBJECT = "object"
    """One object."""
    LISTING = "listing"
    """One chain of pages."""
    SHARDED = "sharded"
    """A listing of users: in a large tenant, several disjoint chains side by side."""
    PER_OBJECT = "per object"
    """One listing for each object of another dataset."""
    REPORT = "report"
    """A CSV."""


class Keep(msgspec.Struct, frozen=True):
    """What is kept of a listing that had to be read without its filter: `property` is a list that is not
    empty, or that holds `value`."""

    property: str
    value: str | None = None


class DatasetRequest(msgspec.Struct, frozen=True):
    """A GET: path with query below the Graph root and version, and its headers."""

    path: str
    headers: dict[str, str] = {}


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset. `path` may hold `{id}` (of an object of `parent`); `select`, `expand`, `filter` are OData.

    `counted` asks Graph for its own number of objects too (`$count=true`, an advanced query), so that a
    listing that ends early is noticed; where Graph does not take that (400, 501) the plain form is read,
    without `filter` and with `keep` instead where there is an advanced filter. `permission` is enough by
    itself, for delegated and app-only access alike. `role`: what the signed-in account may lack besides.
    `extra`: needs a permission beyond Directory.Read.All and Reports.Read.All.
    """

    name: str
    kind: Kind
    path: str
    select: tuple[str, ...] = ()
    expand: str | None = None
    top: int | None = None
    filter: str | None = None
    counted: bool = False
    keep: Keep | None = None
    one_page: bool = False
    """A listing that always fits one page cannot end early, so it is not read twice to make sure."""
    parent: str | None = None
    permission: str = "Directory.Read.All"
    role: str | None = None
    clouds: Literal["all", "reports"] = "all"
    """In every cloud, or only where usage reports are (the global one)."""
    required: bool = False
    extra: bool = False
    name_column: str | None = None
    """Reports: the column that says who."""
    known_columns: tuple[str, ...] = ()
    """Reports: columns that Microsoft documents and Seatbeacon does not use."""

    @property
    def schema(self) -> FileSchema:
        """File and columns of the dataset in a package."""
        return SCHEMAS[self.name]

    def request(
        self, *, advanced: bool | None = None, where: str | None = None, parent_id: str | None = None
    ) -> DatasetRequest:
        """The request for the dataset's first page, object or report.

        `advanced`: as `counted` says, unless given. `where` narrows a listing further (a shard's filter).
        """
        counted = self.counted if advanced is None else advanced
        only = self.filter if self.keep is None or counted else None
        path = self.path if parent_id is None else self.path.replace("{id}", quote(parent_id, safe=""))
        options = {
            "$select": ",".join(self.select),
            "$expand": self.expand,
            "$top": str(self.top) if self.top else None,
            "$filter": " and ".join(
                f"({part})" if only and where else part for part in (only, where) if part
            ),
            "$count": "true" if counted else None,
        }
        return DatasetRequest(_url(path, options), dict(EVENTUAL) if counted else {})

    def owner_request(self, parent_id: str) -> DatasetRequest:
        """The object of `parent` itself, to learn whether it is still there."""
        path = self.path.rpartition("/")[0].replace("{id}", quote(parent_id, safe=""))
        return DatasetRequest(_url(path, {"$select": "id"}))

    def count_request(self, where: str | None = None) -> DatasetRequest:
        """How many objects `where` holds for, all where it is None: a number in plain text."""
        return DatasetRequest(_url(f"{self.path}/$count", {"$filter": where}), dict(EVENTUAL))

    def names_request(self, where: str | None = None) -> DatasetRequest:
        """A page of user principal names, to learn how the names of this tenant begin."""
        return DatasetRequest(
            _url(self.path, {"$select": "userPrincipalName", "$top": "999", "$filter": where})
        )

    def probe_request(self) -> DatasetRequest:
        """One object, to learn whether this may be read at all."""
        return DatasetRequest(_url(self.path, {"$select": ",".join(self.select), "$top": "1"}))


def _url(path: str, options: dict[str, str | None]) -> str:
    query = "&".join(f"{name}={quote(value, safe=_SAFE)}" for name, value in options.items() if value)
    return f"{path}?{query}" if query else path
