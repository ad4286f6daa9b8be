"""Product families: what kind of product each is, as the files in `products/` say."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from seatbeacon.optimization.errors import BadProducts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Role = Literal["suite", "component", "app", "copilot", "room", "free", "trial", "other"]
Seen = Literal[
    "desktop apps", "web apps", "mail", "mailbox size", "mail archive", "teams", "files", "file size",
    "viva engage",
]  # fmt: skip


class Bases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an add-on stands on: one of these families or service plans (patterns of names)."""

    families: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A family of products, by patterns of their part numbers in upper case."""

    id: str
    title: str
    role: Role
    products: tuple[str, ...]
    excluded: tuple[str, ...] = msgspec.field(name="except", default=())
    line: str = ""
    rank: int = 0
    free: bool = False
    bases: Bases | None = None


class Segment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A market that products are for."""

    id: str
    products: tuple[str, ...]


class Capability(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What people use, the plans that give it, and how its use is seen, or what becomes of it unseen."""

    title: str
    plans: tuple[str, ...]
    excluded: tuple[str, ...] = msgspec.field(name="except", default=())
    seen: Seen | None = None
    unseen: Literal["keep", "confirm", "tell"] | None = None
    above_gb: int = 0


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    family: tuple[Family, ...] = ()
    segment: tuple[Segment, ...] = ()
    capability: tuple[Capability, ...] = ()
    ignored: tuple[str, ...] = ()
    ladders: tuple[tuple[tuple[str, ...], ...], ...] = ()


OTHER = Family(id="other", title="Other products", role="other", products=())
"""The family of a product that no file names: paid for, and not weighed against others."""


@dataclass(frozen=True)
class Families:
    """All that is known of kinds of products."""

    families: tuple[Family, ...]
    segments: tuple[Segment, ...]
    capabilities: tuple[Capability, ...]
    ignored: tuple[str, ...]
    ladders: tuple[tuple[tuple[str, ...], ...], ...]

    def family_of(self, part_number: str) -> Family:
        """The family of a product; free products and trials come before what else would fit."""
        name = part_number.upper()
        for family in self._costly_last:
            if matches(name, family.products) and not matches(name, family.excluded):
                return family
        return OTHER

    def segment_of(self, part_number: str) -> str:
        """The market that a product is for."""
        name = part_number.upper()
        return next((each.id for each in self.segments if matches(name, each.products)), "commercial")

    @cached_property
    def _costly_last(self) -> tuple[Family, ...]:
        return tuple(sorted(self.families, key=lambda each: not each.free))


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name, in upper case, fits one of the patterns."""
    return any(fnmatchcase(name, pattern.upper()) for pattern in patterns)


def load_families(folders: Iterable[Path] = ()) -> Families:
    """The families that ship, and those of an organisation's own, which come first and replace those of the
    same id (families, segments) or title (capabilities). Raises `BadProducts`, which names file and field."""
    families: dict[str, Family] = {}
    segments: dict[str, Segment] = {}
    capabilities: dict[str, Capability] = {}
    ignored: list[str] = []
    ladders: list[tuple[tuple[str, ...], ...]] = []
    for name, text in _texts(folders):
        content = _read(name, text)
        for family in content.family:
            families.setdefault(family.id, family)
        for segment in content.segment:
            segments.setdefault(segment.id, segment)
        for capability in content.capability:
            if (capability.seen is None) == (capability.unseen is None):
                raise BadProducts(
                    f"{name}: capability {capability.title!r} needs seen or unseen, one of them."
                )
            capabilities.setdefault(capability.title, capability)
        ignored += content.ignored
        ladders += content.ladders
    for each in families.values():
        unknown = [base for base in (each.bases.families if each.bases else ()) if base not in families]
        if unknown:
            raise BadProducts(
                f"The family {each.id} stands on {', '.join(unknown)}, which no file describes."
            )
    return Families(
        families=tuple(families.values()),
        segments=tuple(segments.values()),
        capabilities=tuple(capabilities.values()),
        ignored=tuple(ignored),
        ladders=tuple(ladders),
    )


def _texts(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for folder in folders:
        if not folder.is_dir():
            raise BadProducts(f"The folder of products {folder} does not exist.", "Make it, or name another.")
        for path in sorted(folder.glob("*.toml")):
            try:
                yield str(path), path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise BadProducts(f"{path} cannot be read: {error}.") from error
    for each in sorted(
        files("seatbeacon.optimization").joinpath("products").iterdir(), key=lambda one: one.name
    ):
        if each.name.endswith(".toml"):
            yield f"products/{each.name}", each.read_text("utf-8")


@lru_cache(maxsize=64)  # each judging reads them several times over; they change with their text
def _read(name: str, text: str) -> _File:
    try:
        content: Any = tomllib.loads(text)
        return msgspec.convert(content, _File)
    except tomllib.TOMLDecodeError as error:
        raise BadProducts(f"{name} is not TOML: {error}.", "Compare it with a file that ships.") from error
    except msgspec.ValidationError as error:
        raise BadProducts(f"{name}: {error}.", "docs/how-to/write-a-rule.md lists the fields.") from error
