"""The settings: name, type, default and meaning of each stand here and nowhere else."""

# ruff: noqa: RUF009 - `_setting` returns a dataclasses.field

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.settings import values
from seatbeacon.beacon.settings.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Declaration:
    """How one setting is read. `parse` raises ValueError with what a right value looks like.

    `default` is given the settings already read, in the order of declaration, by attribute name.
    """

    variable: str
    parse: Callable[[str], Any]
    default: Callable[[dict[str, Any]], Any]
    default_text: str
    help: str
    mask: Callable[[str], str] | None = None


def _setting(
    variable: str,
    parse: Callable[[str], Any],
    default: object,
    help: str,  # noqa: A002 - the word that people look for
    *,
    default_text: str | None = None,
    mask: Callable[[str], str] | None = None,
) -> Any:
    read = default if callable(default) else lambda _: default
    text = default_text if default_text is not None else ("" if default is None else str(default))
    declaration = Declaration(variable, parse, read, text, help, mask)
    return dataclasses.field(metadata={"declaration": declaration})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings as read. Times are seconds, shares are parts of one."""

    home: Path = _setting(
        "SEATBEACON_HOME",
        values.folder,
        lambda _: values.data_folder(),
        "Folder that holds the database, secret keys, packages and inventories.",
        default_text="the platform's data folder",
    )
    database: Database = _setting(
        "DATABASE_URL",
        Database.parse,
        lambda read: Database.sqlite(read["home"] / "seatbeacon.sqlite3"),
        "Database of the control plane: sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.",
        default_text="seatbeacon.sqlite3 in SEATBEACON_HOME",
        mask=Database.mask,
    )
    inventory: Path = _setting(
        "SEATBEACON_INVENTORY",
        values.folder,
        lambda read: read["home"] / "inventory",
        "Folder that holds each tenant's inventory versions.",
        default_text="inventory in SEATBEACON_HOME",
    )
    secret_keys: str | None = _setting(
        "SEATBEACON_SECRET_KEYS",
        str,
        None,
        "Keys that seal stored secrets: 32 bytes in base64, separated by commas; the first one encrypts.",
        default_text="the file secret-keys in SEATBEACON_HOME, made at first use",
        mask=lambda _: "********",
    )
    ca_file: Path | None = _setting(
        "SEATBEACON_CA_FILE",
        values.existing_file("a PEM file"),
        None,
        "PEM file of certificate authorities to trust beside the public ones.",
        default_text="the built-in authorities",
    )
    rules: Path | None = _setting(
        "SEATBEACON_RULES",
        values.folder,
        None,
        "Folder of optimization rules of your own, beside those that ship (docs/how-to/write-a-rule.md).",
        default_text="none",
    )
    hold_share: float = _setting(
        "SEATBEACON_HOLD_SHARE",
        values.share,
        0.20,
        "An import that would remove more than this share of the users is held for a person to decide.",
    )
    parallel: int = _setting(
        "SEATBEACON_PARALLEL",
        values.whole(1, 64),
        12,
        "How many requests one import has under way at once.",
    )
    give_up_after: float = _setting(
        "SEATBEACON_GIVE_UP_AFTER",
        values.seconds,
        600.0,
        "Seconds for which one request is tried again before its dataset is given up.",
    )
    connect_timeout: float = _setting(
        "SEATBEACON_CONNECT_TIMEOUT",
        values.seconds,
        10.0,
        "Seconds to wait for a connection to Microsoft or the proxy.",
    )
    read_timeout: float = _setting(
        "SEATBEACON_READ_TIMEOUT",
        values.seconds,
        60.0,
        "Seconds to wait for the next bytes of an answer.",
    )
    keep_versions: int = _setting(
        "SEATBEACON_KEEP_VERSIONS",
        values.whole(1, 1000),
        5,
        "How many published inventory versions are kept per tenant, the current one included.",
    )
    keep_packages: int = _setting(
        "SEATBEACON_KEEP_PACKAGES",
        values.whole(0, 1000),
        1,
        "How many packages are kept per connection after their import.",
    )
    memory_limit: str = _setting(
        "SEATBEACON_MEMORY_LIMIT",
        values.memory,
        "600MB",
        "Memory that the database engine may use while importing.",
    )
    keep_logs: int = _setting(
        "SEATBEACON_KEEP_LOGS",
        values.whole(1, 3650),
        30,
        "Days for which the logs of runs are kept.",
    )
    keep_savings: int = _setting(
        "SEATBEACON_KEEP_SAVINGS",
        values.whole(31, 3650),
        400,
        "Days for which each day's sums of what could be saved, and of what was, are kept.",
    )
    least_free: str = _setting(
        "SEATBEACON_LEAST_FREE",
        values.memory,
        "500MB",
        "Disk space that an import leaves free: it does not begin, or stops, where less would be left.",
    )
    log_format: str = _setting(
        "SEATBEACON_LOG_FORMAT",
        values.one_of("text", "json"),
        "text",
        "How lines on standard error are written: text, or one JSON object a line.",
    )
    log_level: str = _setting(
        "SEATBEACON_LOG_LEVEL",
        values.one_of("debug", "info", "warning", "error"),
        "info",
        "The least level of what is written on standard error.",
    )
    metrics_token: str | None = _setting(
        "SEATBEACON_METRICS_TOKEN",
        str,
        None,
        "Bearer token with which /metrics is read from other machines.",
        default_text="only this machine reads /metrics",
        mask=lambda _: "********",
    )
    last_seats: float = _setting(
        "SEATBEACON_LAST_SEATS",
        values.share,
        0.05,
        "A product of which less than this share of its seats is left is told as a product's last seats.",
    )
    imports_at_once: int = _setting(
        "SEATBEACON_IMPORTS_AT_ONCE",
        values.whole(1, 32),
        2,
        "How many imports one worker runs side by side; each takes the memory limit.",
    )
    lease: float = _setting(
        "SEATBEACON_LEASE",
        values.seconds,
        60.0,
        "Seconds for which a worker may be silent before its imports are given to another one.",
    )
    presets: Path | None = _setting(
        "SEATBEACON_PRESETS",
        values.existing_file("a TOML file"),
        None,
        "TOML file of further app registrations that a connection may be made with.",
        default_text="the built-in ones",
    )
    base_url: str | None = _setting(
        "SEATBEACON_BASE_URL",
        values.web_address,
        None,
        "Address under which people reach the pages, such as https://beacon.example.",
        default_text="the address that serve listens on",
    )
    allowed_hosts: tuple[str, ...] | None = _setting(
        "SEATBEACON_ALLOWED_HOSTS",
        values.host_names,
        None,
        "Further host names that the pages answer to, separated by commas.",
        default_text="this machine's own names and the host of SEATBEACON_BASE_URL",
        mask=str,
    )
    trusted_proxies: int = _setting(
        "SEATBEACON_TRUSTED_PROXIES",
        values.whole(0, 10),
        0,
        "How many reverse proxies stand in front, whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    )
    api_rate: int = _setting(
        "SEATBEACON_API_RATE",
        values.whole(1, 1_000_000),
        600,
        "Requests to the API that one token may make in a minute; one address may make twice as many.",
    )
    oidc_server: str | None = _setting(
        "SEATBEACON_OIDC_SERVER",
        values.endpoint,
        None,
        "OpenID Connect issuer for single sign-on, such as https://login.microsoftonline.com/TENANT/v2.0.",
        default_text="no single sign-on",
    )
    oidc_client_id: str | None = _setting(
        "SEATBEACON_OIDC_CLIENT_ID", str, None, "Client id of Seatbeacon at the OpenID Connect issuer."
    )
    oidc_client_secret: str | None = _setting(
        "SEATBEACON_OIDC_CLIENT_SECRET",
        str,
        None,
        "Client secret of Seatbeacon at the OpenID Connect issuer.",
        mask=lambda _: "********",
    )
    oidc_name: str = _setting(
        "SEATBEACON_OIDC_NAME",
        str,
        "Single sign-on",
        "What the button for single sign-on says.",
    )
    oidc_role: str = _setting(
        "SEATBEACON_OIDC_ROLE",
        values.one_of("none", "viewer", "operator", "administrator"),
        "none",
        "Role of people who come by single sign-on for the first time; none lets in only who was invited.",
    )


def declarations() -> tuple[tuple[str, Declaration], ...]:
    """Each setting's attribute name with its declaration, in the order of declaration."""
    return tuple((field.name, field.metadata["declaration"]) for field in dataclasses.fields(Settings))
