"""Icons, times, states, form fields and sortable heads: what pages are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from seatbeacon.web.words import HEADLINES, STATES, TURNS, long_duration, state_words

if TYPE_CHECKING:
    from django.forms import BoundField

    from seatbeacon.web.tables import Listing

register = template.Library()

_CHOICES = {"Select", "SelectMultiple"}
_TICKED = {"CheckboxInput", "RadioSelect", "CheckboxSelectMultiple"}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of frontend/icons.txt. It says nothing to a screen reader: words stand beside it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" fill="none" stroke="currentColor" stroke-linecap="round"'
        ' stroke-linejoin="round"><use href="{}#{}"></use></svg>',
        extra,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def moment(when: datetime | None, empty: str = "Never") -> SafeString:
    """A time: in UTC from the server, turned into the reader's own zone by app.js."""
    if when is None:
        return format_html('<span class="text-secondary">{}</span>', empty)
    at = when.astimezone(UTC)
    return format_html(
        '<time datetime="{}" data-local class="text-nowrap">{} UTC</time>',
        at.isoformat(timespec="seconds"),
        at.strftime("%Y-%m-%d %H:%M"),
    )


@register.simple_tag
def state(value: str) -> SafeString:
    """The state of an import run, or of a turn, as a badge: colour, icon and word."""
    found = STATES.get(value) or TURNS.get(value, STATES["queued"])
    return badge(state_words(value), found.colour, found.icon, turning=value == "running")


@register.simple_tag
def badge(label: str, colour: str = "secondary", icon_name: str = "", *, turning: bool = False) -> SafeString:
    """A badge. `colour` is one of Tabler's names; the word says the same without it."""
    drawn = icon(icon_name, "sb-turn" if turning else "") if icon_name else mark_safe("")
    return format_html('<span class="badge sb-badge sb-badge-{}">{}{}</span>', colour, drawn, label)


@register.filter
def lasted(start: datetime | None, end: datetime | None) -> str:
    """How long from `start` to `end`, or until now."""
    if start is None:
        return ""
    return long_duration((end or datetime.now(UTC)) - start)


@register.filter
def duration(value: timedelta | None) -> str:
    """A length of time in words."""
    return long_duration(value) if value is not None else ""


@register.filter
def money(value: Decimal | None) -> str:
    """An amount with two decimals, or up to four where it has them, thin spaces between thousands."""
    if value is None:
        return ""
    exact = Decimal(value).quantize(Decimal("0.0001"))
    told = f"{exact:,.2f}" if exact == round(exact, 2) else f"{exact.normalize():,f}"
    return told.replace(",", "\u202f")


@register.filter
def number(value: Any) -> str:
    """A count with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else str(value)


@register.filter
def change(value: Decimal | int) -> str:
    """A difference with its sign: a count, or an amount."""
    told = money(abs(value)) if isinstance(value, Decimal) else number(abs(value))
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{told}"


@register.filter
def join_texts(value: Any) -> str:
    """An attribute's value as text: a list joined, yes or no, and “nothing” where there is none."""
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@register.filter
def headline(measures: Any) -> list[tuple[str, int]]:
    """The measures of an inventory version that a tile shows, with their words."""
    if not isinstance(measures, dict):
        return []
    return [
        (words, measures[name]) for name, words in HEADLINES.items() if isinstance(measures.get(name), int)
    ]


@register.inclusion_tag("ui/column.html")
def column(listing: Listing, key: str, label: str, extra: str = "") -> dict[str, str]:
    """A sortable column's head."""
    return {
        "label": label,
        "address": listing.sort_address(key),
        "direction": listing.direction(key),
        "extra": extra,
    }


@register.simple_tag
def page_link(listing: Listing, page: int) -> SafeString:
    """A link to another page of a table."""
    return format_html('<a class="page-link" href="{}">{}</a>', listing.page_address(page), page)


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, *, autofocus: bool = False, optional: bool | None = None) -> dict[str, Any]:
    """A form's field with label, help and errors, tied together for screen readers.

    It is marked as optional where the form does not require it, unless `optional` says otherwise.
    """
    kind = type(bound.field.widget).__name__
    # A label says it already, and stays readable while one types.
    bound.field.widget.attrs.pop("placeholder", None)
    style = "form-select" if kind in _CHOICES else "form-check-input" if kind in _TICKED else "form-control"
    attributes: dict[str, Any] = {"class": f"{style} is-invalid" if bound.errors else style}
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if autofocus:
        attributes["autofocus"] = True
    return {
        "bound": bound,
        "widget": bound.as_widget(attrs=attributes),
        "ticked": kind == "CheckboxInput",
        "optional": (not bound.field.required if optional is None else optional) and kind != "CheckboxInput",
    }
