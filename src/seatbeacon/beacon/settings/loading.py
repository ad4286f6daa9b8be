"""Read the settings from the environment, and tell where each came from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from seatbeacon.beacon.errors import BadSetting
from seatbeacon.beacon.settings.declared import Declaration, Settings, declarations

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_FILE = "secret-keys"
"""The file in the home that holds the secret keys where no variable does."""


@dataclass(frozen=True)
class SettingValue:
    """One setting as it stands: `value` is fit to be shown, secrets are masked."""

    name: str
    value: str
    source: Literal["environment", "default", "file"]
    default: str
    help: str


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that `environ` (the process's own by default) gives.

    Raises BadSetting with one sentence for the first wrong value. An empty variable counts as unset.
    """
    environ = os.environ if environ is None else environ
    read: dict[str, Any] = {}
    for name, declaration in declarations():
        text = environ.get(declaration.variable, "")
        read[name] = _parse(declaration, text) if text else declaration.default(read)
    return Settings(**read)


def describe_settings(environ: Mapping[str, str] | None = None) -> list[SettingValue]:
    """Every setting with its value, masked where secret, and the value's source."""
    environ = os.environ if environ is None else environ
    settings = load_settings(environ)
    return [_describe(settings, name, declaration, environ) for name, declaration in declarations()]


def _describe(
    settings: Settings, name: str, declaration: Declaration, environ: Mapping[str, str]
) -> SettingValue:
    text = environ.get(declaration.variable, "")
    value = getattr(settings, name)
    if text:
        shown = declaration.mask(text) if declaration.mask else _text(value)
        return SettingValue(
            declaration.variable, shown, "environment", declaration.default_text, declaration.help
        )
    if name == "secret_keys":
        key_file = settings.home / KEY_FILE
        if key_file.exists():
            return SettingValue(
                declaration.variable, "********", "file", declaration.default_text, declaration.help
            )
    shown = declaration.default_text if value is None else _text(value)
    return SettingValue(declaration.variable, shown, "default", declaration.default_text, declaration.help)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _parse(declaration: Declaration, text: str) -> Any:
    try:
        return declaration.parse(text)
    except ValueError as error:
        shown = declaration.mask(text) if declaration.mask else repr(text[:200])
        message = f"The setting {declaration.variable} is wrong: {shown} {error}."
        raise BadSetting(message) from None
