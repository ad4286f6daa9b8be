from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from seatbeacon.beacon.connections.drafts import draft_connection
from seatbeacon.beacon.connections.presets import FLEXNET, OWN_APP, find_preset, preset_of, presets
from seatbeacon.beacon.errors import BadSetting, InvalidConnection
from seatbeacon.beacon.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.beacon.settings import Settings

APP = "66666666-7777-8888-9999-aaaaaaaaaaaa"
WHOLE = f"""
[[preset]]
key = "contoso"
label = "Contoso license inventory"
owner = "Contoso IT"
who_may_use = "Everybody at Contoso"
client_id = "{APP.upper()}"
tenant_id = "11111111-2222-3333-4444-555555555555"
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"SEATBEACON_HOME": str(tmp_path)})


def _with(settings: Settings, tmp_path: Path, text: str | bytes) -> Settings:
    file = tmp_path / "presets.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return dataclasses.replace(settings, presets=file)


def test_the_first_preset_is_the_vendors_with_exactly_the_documented_values(settings: Settings) -> None:
    first = presets(settings)[0]
    assert first.key == FLEXNET
    assert first.client_id == "5bb1a5a2-0d97-4335-9448-119f7b27aff9"
    assert first.token_endpoint == "https://login.microsoftonline.com/common/oauth2/v2.0/token"
    assert first.authorization_endpoint == "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
    assert first.redirect_uri == "https://login.microsoftonline.com/common/oauth2/nativeclient"
    assert "Flexera" in first.owner
    assert "Customers of Flexera" in first.who_may_use


def test_presets_of_the_organization_come_after_the_built_in_ones(settings: Settings, tmp_path: Path) -> None:
    known = presets(_with(settings, tmp_path, WHOLE))
    assert [preset.key for preset in known] == [FLEXNET, OWN_APP, "contoso"]
    assert known[2].client_id == APP
    assert known[2].token_endpoint == "https://login.microsoftonline.com/common/oauth2/v2.0/token"
    draft = draft_connection(known[2].given())
    assert preset_of(known, draft) == "contoso"
    assert preset_of(known, dataclasses.replace(draft, client_id="another")) == OWN_APP


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("key = ", "not TOML"),
        (b"\xff\xfe\x00", "not UTF-8"),
        ("", "tables"),
        ("preset = 3", "tables"),
        ("preset = [3]", "not a table"),
        (WHOLE + "\n[other]", "nothing else"),
        (WHOLE + 'secret = "x"', "'secret', which is none of"),
        (WHOLE + 'note = ""', "not empty"),
        (WHOLE + "note = 3", "must be a text"),
        (WHOLE.replace(APP.upper(), "no-guid"), "not a GUID"),
        (WHOLE.replace("11111111-", ""), "not a GUID"),
        (WHOLE + 'cloud = "mars"', "There is no cloud"),
        (WHOLE + 'token_endpoint = "http://evil.example/token"', "https"),
        (WHOLE + WHOLE, "two presets with the key 'contoso'"),
        (WHOLE.replace("contoso", OWN_APP, 1), "two presets"),
        (WHOLE.replace('owner = "Contoso IT"', ""), "lacks owner"),
    ],
)
def test_a_wrong_file_is_told_with_its_name_and_preset(
    settings: Settings, tmp_path: Path, text: str | bytes, told: str
) -> None:
    wrong = _with(settings, tmp_path, text)
    with pytest.raises(BadSetting, match="SEATBEACON_PRESETS") as error:
        presets(wrong)
    assert told in str(error.value)
    assert str(wrong.presets) in str(error.value)


def test_an_unknown_preset_names_those_there_are(settings: Settings) -> None:
    with pytest.raises(InvalidConnection, match=FLEXNET):
        find_preset(settings, "nonsense")
