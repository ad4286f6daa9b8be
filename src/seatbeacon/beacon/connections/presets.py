"""App registrations to choose from: the vendor's, one's own, and those that a file of settings names."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.connections import defaults
from seatbeacon.beacon.connections.drafts import Given, draft_connection
from seatbeacon.beacon.connections.fields import check_guid
from seatbeacon.beacon.errors import BadSetting, InvalidConnection
from seatbeacon.graph.clouds import CLOUDS, authorization_endpoint, native_client_redirect, token_endpoint

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.connections.drafts import Draft
    from seatbeacon.beacon.models import Connection
    from seatbeacon.beacon.settings import Settings

FLEXNET = "flexnet-manager-suite"
OWN_APP = "own-app"
LARGEST = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Preset:
    """What a form is filled with. An empty field is left to the person.

    `owner`: whose app it is; `who_may_use`: who may sign in with it; `note`: what else there is to know.
    """

    key: str
    label: str
    owner: str
    who_may_use: str
    note: str = ""
    cloud: str = defaults.DEFAULT_CLOUD
    flow: str = "authorization-code"
    client_id: str = ""
    tenant_id: str = ""
    token_endpoint: str = ""
    authorization_endpoint: str = ""
    redirect_uri: str = ""

    def given(self) -> Given:
        """The fields it fills, as if a person had given them."""
        values = {name: getattr(self, name) or None for name in _FILLS}
        return Given(**values)


_FILLS = (
    "cloud",
    "flow",
    "client_id",
    "tenant_id",
    "token_endpoint",
    "authorization_endpoint",
    "redirect_uri",
)
_GLOBAL = CLOUDS[defaults.DEFAULT_CLOUD]

BUILT_IN = (
    Preset(
        key=FLEXNET,
        label="FlexNet Manager Suite (multi-tenant app)",
        owner="Flexera's multi-tenant app for FlexNet Manager Suite, registered and run by Flexera.",
        who_may_use=(
            "Customers of Flexera, under their agreement with Flexera. Everybody else registers an app of "
            "their own, which takes ten minutes."
        ),
        note="The values are those of its documentation. Consent is given to Flexera's app in your tenant.",
        client_id=defaults.CLIENT_ID,
        token_endpoint=token_endpoint(_GLOBAL),
        authorization_endpoint=authorization_endpoint(_GLOBAL),
        redirect_uri=native_client_redirect(_GLOBAL),
    ),
    Preset(
        key=OWN_APP,
        label="Your own app",
        owner="An app that you register in your own tenant.",
        who_may_use="Accounts of your tenant.",
        note="Give its Application (client) ID and your tenant id. The guide says how to register it.",
        redirect_uri=native_client_redirect(_GLOBAL),
    ),
)


def presets(settings: Settings) -> tuple[Preset, ...]:
    """The vendor's app first, which a new form opens with, your own, then those of SEATBEACON_PRESETS.

    Raises BadSetting, which names the file and the preset.
    """
    return BUILT_IN if settings.presets is None else (*BUILT_IN, *read_presets(settings.presets))


def find_preset(settings: Settings, key: str) -> Preset:
    """The preset of that key. Raises InvalidConnection, naming those there are."""
    known = presets(settings)
    for preset in known:
        if preset.key == key:
            return preset
    keys = ", ".join(preset.key for preset in known)
    raise InvalidConnection("preset", f"There is no app registration “{key}”. There are: {keys}")


def preset_of(known: tuple[Preset, ...], form: Connection | Draft) -> str:
    """The key of the preset that a form shows: by its client id, else that of one's own app."""
    for preset in known:
        if preset.client_id and preset.client_id == form.client_id:
            return preset.key
    return OWN_APP


def read_presets(path: Path) -> tuple[Preset, ...]:
    """The presets in a TOML file: a table `[[preset]]` each. Raises BadSetting."""
    try:
        data = path.read_bytes()[: LARGEST + 1]
        stored = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise _bad(path, f"it cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _bad(path, "it is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, f"it is not TOML: {error}") from None
    tables = stored.get("preset")
    if not isinstance(tables, list) or len(stored) != 1:
        raise _bad(path, "it must hold tables [[preset]] and nothing else")
    found: dict[str, Preset] = {preset.key: preset for preset in BUILT_IN}
    read = []
    for number, table in enumerate(tables, start=1):
        preset = _read_one(path, number, table)
        if preset.key in found:
            raise _bad(path, f"there are two presets with the key {preset.key!r}")
        found[preset.key] = preset
        read.append(preset)
    return tuple(read)


def _read_one(path: Path, number: int, table: Any) -> Preset:
    where = f"preset {number}"
    if not isinstance(table, dict):
        raise _bad(path, f"{where} is not a table")
    where = f"preset {table.get('key') or number!r}"
    names = [field.name for field in fields(Preset)]
    for name, value in table.items():
        if name not in names:
            raise _bad(path, f"{where} has {name!r}, which is none of: {', '.join(names)}")
        if not isinstance(value, str) or not value.strip() or len(value) > 2048:
            raise _bad(path, f"{where}: {name} must be a text of at most 2048 characters, and not empty")
    missing = [name for name in ("key", "label", "owner", "who_may_use", "client_id") if name not in table]
    if missing:
        raise _bad(path, f"{where} lacks {', '.join(missing)}")
    preset = Preset(**{name: value.strip() for name, value in table.items()})
    try:
        check_guid("client-id", "client_id", preset.client_id)
        draft = draft_connection(preset.given())
    except InvalidConnection as error:
        raise _bad(path, f"{where}: {error}") from None
    # What a form would fill in anyway stands in the preset too, in its checked spelling.
    checked = {name: str(value) for name, value in asdict(draft).items() if name in _FILLS}
    return Preset(**asdict(preset) | checked)


def _bad(path: Path, reason: str) -> BadSetting:
    message = f"The app registrations in {path} (SEATBEACON_PRESETS) cannot be used: {reason}."
    return BadSetting(message)
