"""The options that describe a connection, and the secrets that come with it."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.connections.services import GivenSecrets
    from seatbeacon.beacon.settings import Settings
    from seatbeacon.graph.secret import Secret

CLOUDS = ("global", "us-gov-l4", "us-gov-l5", "china", "custom")
FLOWS = ("authorization-code", "client-credentials", "device-code")
LARGEST_SECRET = 1 << 20
"""Bytes; no secret, certificates included, comes near it."""

_SECRET = click.Path(dir_okay=False, allow_dash=True)

_FIELDS = (
    click.option("--cloud", type=click.Choice(CLOUDS), help="Microsoft's cloud; fills all endpoints."),
    click.option("--flow", type=click.Choice(FLOWS), help="How to sign in; authorization-code by default."),
    click.option("--token-endpoint", metavar="URL", help="Where tokens are asked for."),
    click.option("--authorization-endpoint", metavar="URL", help="Where an administrator signs in."),
    click.option("--client-id", metavar="GUID", help="Application (client) ID of the app registration."),
    click.option("--redirect-uri", metavar="URI", help="Redirect URI of the app registration."),
    click.option("--tenant-id", metavar="GUID", help="The tenant; data of any other one is refused."),
    click.option("--graph-root", metavar="URL", help="Microsoft Graph: scheme, host and port."),
    click.option("--proxy", metavar="ADDRESS", help="Proxy: http://host:port, https://host:port, host:port."),
    click.option("--proxy-username", metavar="NAME", help="User name for the proxy."),
)
_SECRETS = (
    click.option("--client-secret-file", type=_SECRET, help="File with the client secret; - reads it here."),
    click.option(
        "--client-secret-expires",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="Day on which the client secret ends, to be warned before it.",
    ),
    click.option("--certificate", type=_SECRET, help="Certificate with its key: a PFX or PEM file."),
    click.option(
        "--certificate-passphrase-file", type=_SECRET, help="File with the certificate's passphrase."
    ),
    click.option("--refresh-token-file", type=_SECRET, help="File with a refresh token; - reads it here."),
    click.option("--proxy-password-file", type=_SECRET, help="File with the proxy's password."),
)


def connection_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """All options of a connection's fields and secrets."""
    for option in reversed((*_FIELDS, *_SECRETS)):
        function = option(function)
    return function


def given_fields(options: dict[str, Any], *, settings: Settings | None = None) -> Given:
    """The fields among a command's options; those that are not given, of the preset that is."""
    from dataclasses import asdict, fields

    from seatbeacon.beacon.connections.drafts import Given
    from seatbeacon.beacon.connections.presets import find_preset

    given = {field.name: options[field.name] for field in fields(Given)}
    if settings is not None and options.get("preset"):
        filled = asdict(find_preset(settings, options["preset"]).given())
        given = {name: filled[name] if value is None else value for name, value in given.items()}
    return Given(**given)


def given_secrets(options: dict[str, Any], *, prompt_for_secret: bool = False) -> GivenSecrets:
    """Read the secrets that a command's options name.

    With `prompt_for_secret` the client secret is asked for where neither it nor a certificate is given and
    somebody sits at the terminal.
    """
    from seatbeacon.beacon.connections.services import GivenSecrets

    _refuse_two_from_standard_input(options)
    expires = options["client_secret_expires"]
    client_secret = _secret(options["client_secret_file"], "client secret")
    if (
        client_secret is None
        and options["certificate"] is None
        and prompt_for_secret
        and _somebody_is_there()
    ):
        client_secret = _prompt("Client secret")
    proxy_password = _secret(options["proxy_password_file"], "proxy password")
    if proxy_password is None and options["proxy_username"] and _somebody_is_there():
        proxy_password = _prompt("Proxy password")
    return GivenSecrets(
        refresh_token=_secret(options["refresh_token_file"], "refresh token"),
        client_secret=client_secret,
        certificate=_certificate(options),
        proxy_password=proxy_password,
        client_secret_expires=expires.date() if expires else None,
    )


def _certificate(options: dict[str, Any]) -> Secret | None:
    """The certificate, tried out: a wrong passphrase is told now, not at the first import."""
    if options["certificate"] is None:
        if options["certificate_passphrase_file"] is not None:
            raise click.UsageError("--certificate-passphrase-file needs --certificate.")
        return None
    from seatbeacon.beacon.connections.services import pack_certificate
    from seatbeacon.graph.errors import InvalidCertificate
    from seatbeacon.graph.oauth import load_certificate

    data = _read(options["certificate"], "certificate")
    passphrase = _secret(options["certificate_passphrase_file"], "certificate passphrase")
    try:
        load_certificate(data, passphrase)
    except InvalidCertificate:
        if passphrase is not None or not _somebody_is_there():
            raise
        passphrase = _prompt("Passphrase of the certificate")
        load_certificate(data, passphrase)
    return pack_certificate(data, passphrase)


def _secret(path: str | None, what: str) -> Secret | None:
    from seatbeacon.graph.secret import Secret

    if path is None:
        return None
    try:
        text = _read(path, what).decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise click.ClickException(f"The {what} in {_named(path)} is not text.") from None
    if not text:
        raise click.ClickException(f"There is no {what} in {_named(path)}: it is empty.")
    return Secret(text)


def _read(path: str, what: str) -> bytes:
    try:
        if path == "-":
            data = sys.stdin.buffer.read(LARGEST_SECRET + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(LARGEST_SECRET + 1)
    except OSError as error:
        message = f"The {what} cannot be read from {_named(path)}: {error.strerror}."
        raise click.ClickException(message) from None
    if len(data) > LARGEST_SECRET:
        raise click.ClickException(f"{_named(path)} is too large to be a {what}.")
    return data


def _named(path: str) -> str:
    return "standard input" if path == "-" else path


def _prompt(label: str) -> Secret:
    from seatbeacon.graph.secret import Secret

    return Secret(click.prompt(label, hide_input=True, err=True))


def _somebody_is_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _refuse_two_from_standard_input(options: dict[str, Any]) -> None:
    from_here = [name for name, value in options.items() if value == "-"]
    if len(from_here) > 1:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in from_here)
        raise click.UsageError(f"Standard input holds one secret only: give one of {names} as a file.")
