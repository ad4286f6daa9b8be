"""Commands that are imported when they are named, so that the start stays quick."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class State:
    """What one call of the command line remembers: whether a traceback was asked for."""

    def __init__(self) -> None:
        self.debug = False


def _remember_debug(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value and isinstance(context.obj, State):
        context.obj.debug = True


def debug_option() -> click.Option:
    """`--debug`, which every command takes."""
    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        callback=_remember_debug,
        help="Show a traceback where something fails.",
    )


class Command(click.Command):
    """A command that takes `--debug` as well."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.params.append(debug_option())


class Group(click.Group):
    """A group whose commands take `--debug` as well."""

    command_class = Command

    def __init__(self, *arguments: Any, lazy: Mapping[str, str] | None = None, **options: Any) -> None:
        """`lazy` maps a command's name to where it stands, as `module:attribute`."""
        super().__init__(*arguments, **options)
        self.lazy = dict(lazy or {})
        self.params.append(debug_option())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they were declared."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now where it is a lazy one."""
        place = self.lazy.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command
