"""DATABASE_URL: which database the control plane lives in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

_SHAPES = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME"


@dataclass(frozen=True)
class Database:
    """A database of the control plane. `name` is a file's absolute path for SQLite."""

    engine: Literal["sqlite", "postgresql"]
    name: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Database({self.url})"

    def __str__(self) -> str:
        return self.url

    @property
    def url(self) -> str:
        """The database as a URL, its password masked."""
        if self.engine == "sqlite":
            return f"sqlite:///{self.name}"
        login = f"{self.user}:********@" if self.password else f"{self.user}@" if self.user else ""
        return f"postgresql://{login}{self.host}{f':{self.port}' if self.port else ''}/{self.name}"

    @classmethod
    def sqlite(cls, path: Path) -> Database:
        """The SQLite file `path`."""
        return cls("sqlite", str(path))

    @classmethod
    def parse(cls, text: str) -> Database:
        """Read a URL. ValueError says what a right one looks like, not what was given: it may be secret."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise ValueError(f"is not a database address; give {_SHAPES}") from None
        if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
            path = Path(unquote(parts.path[1:])).expanduser()
            return cls.sqlite(path.absolute())
        if parts.scheme in {"postgresql", "postgres"} and parts.path.strip("/"):
            return cls(
                "postgresql",
                unquote(parts.path.strip("/")),
                host=parts.hostname or "",
                port=port,
                user=unquote(parts.username or ""),
                password=unquote(parts.password or ""),
                options=tuple(parse_qsl(parts.query)),
            )
        raise ValueError(f"is not a database address; give {_SHAPES}")

    @staticmethod
    def mask(text: str) -> str:
        """The URL with its password and query masked, also where it cannot be read."""
        try:
            parts = urlsplit(text)
        except ValueError:
            return "********"
        if "@" not in parts.netloc:
            return text if not parts.query else urlunsplit(parts._replace(query="********"))
        login, _, host = parts.netloc.rpartition("@")
        user = login.partition(":")[0]
        masked = parts._replace(netloc=f"{user}:********@{host}", query="********" if parts.query else "")
        return urlunsplit(masked)
