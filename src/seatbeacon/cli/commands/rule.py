"""`seatbeacon rule`: what recommendations come from, and how it is set."""

from __future__ import annotations

# ruff: noqa: PLC0415 - what a command needs is imported when it runs
from typing import TYPE_CHECKING

import click

from seatbeacon.cli.actor import command_line
from seatbeacon.cli.lazy import Group
from seatbeacon.cli.output.rows import format_option, print_rows
from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from seatbeacon.beacon.savings.rule_settings import Standing
    from seatbeacon.beacon.settings import Settings

GENERAL = "all"
"""What the command line calls the numbers that hold for all rules."""


def _tenant_option(command: Callable[..., object]) -> Callable[..., object]:
    return click.option(
        "--tenant", metavar="TENANT", help="A tenant's id or name: how rules are set for it. For all without."
    )(command)


@click.group(cls=Group)
def rule() -> None:
    """Rules of optimization: which are on, where their thresholds stand, and rules of your own.

    RULE is a rule's id, or `all` for the numbers that hold for all rules.
    """


@rule.command(name="list")
@_tenant_option
@format_option()
def list_(*, tenant: str | None, format_: str) -> None:
    """List the rules, in the order in which they claim seats."""
    settings, tenant_id = _start(tenant)
    from seatbeacon.beacon.savings.rule_settings import standings
    from seatbeacon.beacon.savings.rules import rule_book

    book = rule_book(settings)
    _tell_faults(settings)
    rows = [
        (
            one.rule.id,
            one.rule.title,
            not one.off,
            "; ".join(f"{each.name}={each.value:g}" for each in one.thresholds),
            one.is_own,
            one.file or None,
        )
        for one in standings(book, tenant_id)
        if one.rule is not None
    ]
    labels = ("Rule", "Title", "On", "Thresholds", "Set here", "File")
    print_rows(format_, ("rule", "title", "on", "thresholds", "set", "file"), rows, labels)


@rule.command()
@click.argument("rule_id", metavar="RULE")
@_tenant_option
@format_option()
def show(*, rule_id: str, tenant: str | None, format_: str) -> None:
    """Show the thresholds of a rule: what counts, what is set here, and what counts without."""
    settings, tenant_id = _start(tenant)
    standing = _standing(settings, rule_id, tenant_id)
    if format_ == "table" and standing.rule is not None:
        state = "off" if standing.off else "on"
        told = f"{standing.rule.title} ({state}): {standing.rule.usual_sentence}"
        click.echo(f"{neutral_line(told)}\n")
    print_rows(
        format_,
        ("threshold", "value", "set", "without", "least", "most", "unit", "meaning"),
        [
            (
                each.name,
                each.value,
                each.own,
                each.wider,
                each.threshold.minimum,
                each.threshold.maximum,
                each.threshold.unit,
                each.threshold.meaning,
            )
            for each in standing.thresholds
        ],
        ("Threshold", "Value", "Set here", "Without", "Least", "Most", "Unit", "Meaning"),
    )


@rule.command(name="set")
@click.argument("rule_id", metavar="RULE")
@click.option("--on/--off", default=None, help="Switch it. As it is, where neither is given.")
@click.option(
    "--threshold", "given", multiple=True, metavar="NAME=NUMBER", help="Move a threshold. Repeatable."
)
@_tenant_option
def set_(*, rule_id: str, on: bool | None, given: tuple[str, ...], tenant: str | None) -> None:
    """Switch a rule, or move its thresholds. What was set before and is not given stays."""
    if on is None and not given:
        raise click.UsageError("Give --on, --off or --threshold.")
    settings, tenant_id = _start(tenant)
    from seatbeacon.beacon.savings.rule_settings import GivenRule, set_rule

    before = _standing(settings, rule_id, tenant_id)
    kept = {each.name: each.own for each in before.thresholds if each.own is not None}
    numbers = {name: float(number) for name, number in map(_pair, given)}
    off = before.own_off if on is None else not on
    set_rule(
        settings, _id(rule_id), GivenRule(off, kept | numbers), tenant_id=tenant_id, actor=command_line()
    )
    click.echo(f"{neutral_line(rule_id)} is set. A worker judges by it within seconds of its next look.")


@rule.command()
@click.argument("rule_id", metavar="RULE")
@_tenant_option
def reset(*, rule_id: str, tenant: str | None) -> None:
    """Forget what is set of a rule here: for a tenant it is as for all again, for all as the rule says."""
    settings, tenant_id = _start(tenant)
    from seatbeacon.beacon.savings.rule_settings import reset_rule

    _standing(settings, rule_id, tenant_id)
    reset_rule(settings, _id(rule_id), tenant_id=tenant_id, actor=command_line())
    click.echo(f"{neutral_line(rule_id)} is reset.")


@rule.command()
def check() -> int:
    """Check the rules of your own (SEATBEACON_RULES): 0 where all can be used, 1 where one cannot."""
    settings, _ = _start(None)
    from seatbeacon.beacon.savings.rules import rule_book

    book = rule_book(settings)
    if settings.rules is None:
        click.echo("There are none: SEATBEACON_RULES names no folder.")
        return 0
    for rule_id, file in sorted(book.own.items()):
        click.echo(neutral_line(f"{rule_id}: {file}"))
    _tell_faults(settings)
    click.echo(f"Rules of your own that can be used: {len(book.own)}; that cannot: {len(book.faults)}.")
    return 1 if book.faults else 0


def _start(tenant: str | None) -> tuple[Settings, str | None]:
    from seatbeacon.beacon.start import start

    settings = start()
    from seatbeacon.beacon.imports.versions import choose_version

    return settings, choose_version(tenant).tenant_id if tenant is not None else None


def _id(rule_id: str) -> str:
    return "" if rule_id == GENERAL else rule_id


def _standing(settings: Settings, rule_id: str, tenant_id: str | None) -> Standing:
    from seatbeacon.beacon.savings.rule_settings import standing_of
    from seatbeacon.beacon.savings.rules import rule_book

    return standing_of(rule_book(settings), _id(rule_id), tenant_id)


def _pair(text: str) -> tuple[str, str]:
    name, sign, number = text.partition("=")
    try:
        float(number)
    except ValueError:
        sign = ""
    if not sign:
        raise click.BadParameter(f"{text!r} is no NAME=NUMBER, such as days=60.", param_hint="--threshold")
    return name.strip(), number


def _tell_faults(settings: Settings) -> None:
    from seatbeacon.beacon.savings.rules import rule_book

    for fault in rule_book(settings).faults:
        click.echo(neutral_line(str(fault)), err=True)
