"""One person's row in each report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from seatbeacon.simulator.population.dice import iso_day
from seatbeacon.simulator.population.licensing import Licensing, entitlements
from seatbeacon.simulator.population.products import BY_ID
from seatbeacon.simulator.population.usage import APPS, PLATFORMS, Usage
from seatbeacon.simulator.population.users import Kind, SimUser

if TYPE_CHECKING:
    from collections.abc import Callable

_GIB = 1 << 30
_NO_ID = "00000000-0000-0000-0000-000000000000"


@dataclass(slots=True)
class Subject:
    """One account as the reports see it: `upn` and `name` are what is printed (hashes where names are
    concealed)."""

    user: SimUser
    held: Licensing
    usage: Usage
    entitled: frozenset[str]
    upn: str
    name: str
    user_id: str
    products: str
    deleted: str = ""
    """The day an account was deleted on, for those that are gone."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all rows of one report share."""

    refresh: int
    refresh_text: str
    period: int


def cell(text: str) -> str:
    """`text` as a CSV field."""
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def products_of(held: Licensing) -> str:
    """Assigned products as the reports name them: upper-case display names joined by `+`."""
    return _products(tuple(held.assigned))


@lru_cache(maxsize=4096)
def _products(sku_ids: tuple[str, ...]) -> str:
    return cell("+".join(BY_ID[sku_id].name.upper() for sku_id in sku_ids))


def _gone(subject: Subject) -> str:
    return f"True,{subject.deleted}" if subject.deleted else "False,"


def in_service(subject: Subject, position: int, application: str) -> bool:
    """Whether the reports of a service list this account: it may use it, or has."""
    return application in subject.entitled or subject.usage.services[position] != 0


def _active_users(subject: Subject, frame: Frame) -> str:
    services, entitled = subject.usage.services, subject.entitled
    if not entitled and not any(services):
        return ""
    exchange, one_drive, share_point, yammer, teams, _ = services
    has = ",".join("True" if name in entitled else "False" for name in ("Exchange", "OneDrive", "SharePoint"))
    rest = f"{'Viva Engage' in entitled},{'Teams' in entitled}"
    since = iso_day(subject.user.created_day)
    return (
        f"{frame.refresh_text},{subject.upn},{subject.name},{_gone(subject)},{has},False,{rest},"
        f"{iso_day(exchange)},{iso_day(one_drive)},"
        f"{iso_day(share_point)},,{iso_day(yammer)},{iso_day(teams)},{since},{since},{since},,"
        f"{since},{since},{subject.products}\r\n"
    )


@lru_cache(maxsize=65536)
def _flags(mask: int) -> str:
    def flag(set_: object) -> str:
        return "Yes" if set_ else "No"

    count = len(PLATFORMS)
    by_platform = [
        flag(any(mask >> (app * count + platform) & 1 for app in range(len(APPS))))
        for platform in range(count)
    ]
    by_app = [flag(mask >> (app * count) & (1 << count) - 1) for app in range(len(APPS))]
    cross = [
        flag(mask >> (app * count + platform) & 1) for platform in range(count) for app in range(len(APPS))
    ]
    return ",".join((*by_platform, *by_app, *cross))


def _app_usage(subject: Subject, frame: Frame) -> str:
    apps = subject.usage.apps
    if not any(apps) and not subject.entitled.intersection(APPS):
        return ""
    activated = iso_day(subject.user.created_day + 3) if apps[0] else ""
    mask = subject.usage.app_mask(frame.refresh, frame.period)
    return (
        f"{frame.refresh_text},{subject.upn},{activated},{iso_day(max(apps))},{frame.period},"
        f"{_flags(mask)}\r\n"
    )


_ACTIVATED = (
    ("SPE_E5", "MICROSOFT 365 APPS FOR ENTERPRISE"),
    ("SPE_E3", "MICROSOFT 365 APPS FOR ENTERPRISE"),
    ("ENTERPRISEPACK", "MICROSOFT 365 APPS FOR ENTERPRISE"),
    ("OFFICESUBSCRIPTION", "MICROSOFT 365 APPS FOR ENTERPRISE"),
    ("VISIOCLIENT", "VISIO DESKTOP APP"),
    ("PROJECTPROFESSIONAL", "PROJECT DESKTOP APP"),
)


def _activations(subject: Subject, frame: Frame) -> str:
    if subject.deleted:
        return ""
    held = {BY_ID[sku_id].part_number for sku_id in subject.held.assigned}
    products = {product: None for part, product in _ACTIVATED if part in held}
    if not products:
        return ""
    h = subject.user.h
    windows, mac = h[25] % 4, h[25] // 4 % 6 == 0
    last = iso_day(subject.user.created_day + 3) if windows or mac else ""
    shared = "True" if h[25] % 61 == 0 else "False"
    head, tail = (
        f"{frame.refresh_text},{subject.upn},{subject.name}",
        f"{last},{windows},{mac:d},0,{h[24] % 3},{h[24] // 3 % 2},{shared}\r\n",
    )
    return "".join(f"{head},{product},{tail}" for product in products)


def _mailbox(subject: Subject, frame: Frame) -> str:
    if not in_service(subject, 0, "Exchange") and subject.user.kind is not Kind.SHARED:
        return ""
    h, shared = subject.user.h, subject.user.kind is Kind.SHARED
    items, quota = h[16] * 3, 50 if shared else 100
    received = frame.refresh - h[21] % 40 if shared else subject.usage.services[0]
    return (
        f"{frame.refresh_text},{subject.upn},{subject.name},{_gone(subject)},"
        f"{iso_day(subject.user.created_day)},"
        f"{iso_day(received)},{items},{items * 78_123},{(quota - 2) * _GIB},{(quota - 1) * _GIB},"
        f"{quota * _GIB},"
        f"{'Shared' if shared else 'User'},{items // 9},{items * 4111},{30 * _GIB},"
        f"{'True' if h[17] % 9 == 0 else 'False'},{frame.period}\r\n"
    )


def _mail(subject: Subject, frame: Frame) -> str:
    if subject.user.kind is Kind.SHARED or not in_service(subject, 0, "Exchange"):
        return ""
    last = subject.usage.services[0]
    count = subject.user.h[17] % 400 if last > frame.refresh - frame.period else 0
    return (
        f"{frame.refresh_text},{subject.upn},{subject.name},{_gone(subject)},{iso_day(last)},{count}"
        f",{count * 5},{count * 4},{count // 9},"
        f"{count // 7},{subject.products},{frame.period}\r\n"
    )


def _one_drive_usage(subject: Subject, frame: Frame) -> str:
    if not in_service(subject, 1, "OneDrive"):
        return ""
    files = subject.user.h[18] // 7
    site = (
        subject.upn
        if subject.user_id == _NO_ID
        else f"https://contoso-my.sharepoint.com/personal/u{subject.user.index}"
    )
    return (
        f"{frame.refresh_text},{subject.user_id},{site},{subject.name},"
        f"{'True' if subject.deleted else 'False'},"
        f"{iso_day(subject.usage.services[1])},{files},{files // 20},{files * 1_048_577},"
        f"{1024 * _GIB},{subject.upn},{frame.period}\r\n"
    )


def _one_drive(subject: Subject, frame: Frame) -> str:
    return _files(subject, frame, 1, "OneDrive", "")


def _share_point(subject: Subject, frame: Frame) -> str:
    return _files(subject, frame, 2, "SharePoint", f"{subject.user.h[19] % 90},")


def _files(subject: Subject, frame: Frame, position: int, application: str, pages: str) -> str:
    if not in_service(subject, position, application):
        return ""
    last = subject.usage.services[position]
    count = subject.user.h[18] % 300 if last > frame.refresh - frame.period else 0
    return (
        f"{frame.refresh_text},{subject.upn},{_gone(subject)},{iso_day(last)},{count},{count // 2},"
        f"{count // 10},{count // 40},{pages}"
        f"{subject.products},{frame.period}\r\n"
    )


def _teams(subject: Subject, frame: Frame) -> str:
    if not in_service(subject, 4, "Teams"):
        return ""
    last = subject.usage.services[4]
    count = subject.user.h[20] % 500 if last > frame.refresh - frame.period else 0
    licensed = "Yes" if "Teams" in subject.entitled else "No"
    seconds = count * 60
    return (
        f"{frame.refresh_text},{subject.user_id},{subject.upn},{iso_day(last)},{_gone(subject)},"
        f"{subject.products},{count},{count * 3},"
        f"{count // 9},{count // 5},1,{count // 6},0,1,0,2,0,3,PT{count}M,PT0S,PT0S,{seconds},0,0,"
        f"No,0,{count // 50},CONTOSO,,"
        f"{count // 70},{licensed},{frame.period}\r\n"
    )


def _teams_devices(subject: Subject, frame: Frame) -> str:
    if not in_service(subject, 4, "Teams"):
        return ""
    usage, since = subject.usage, frame.refresh - frame.period
    windows, mac, mobile, web = (last > since for last in usage.apps[-4:])
    rare = usage.rare if usage.services[4] > since else None
    used = (
        web,
        False,
        mobile and usage.mobile == "iOS",
        mac,
        mobile and usage.mobile == "Android",
        windows,
        rare == "ChromeOS",
        rare == "Linux",
    )
    flags = ",".join("Yes" if flag else "No" for flag in used)
    licensed = "Yes" if "Teams" in subject.entitled else "No"
    return (
        f"{frame.refresh_text},{subject.user_id},{subject.upn},{iso_day(usage.services[4])},"
        f"{_gone(subject)},{flags},{licensed},"
        f"{frame.period}\r\n"
    )


def _viva_engage(subject: Subject, frame: Frame) -> str:
    if not in_service(subject, 3, "Viva Engage"):
        return ""
    last = subject.usage.services[3]
    count = subject.user.h[21] % 30 if last > frame.refresh - frame.period else 0
    state = f"deleted,{subject.deleted}" if subject.deleted else f"active,{iso_day(subject.user.created_day)}"
    return (
        f"{frame.refresh_text},{subject.upn},{subject.name},{state},{iso_day(last)},{count // 9},"
        f"{count},{count // 4},{subject.products},"
        f"{frame.period}\r\n"
    )


def _copilot(subject: Subject, frame: Frame) -> str:
    if subject.deleted or "Copilot" not in subject.entitled:
        return ""
    last = iso_day(subject.usage.services[5])
    bits = subject.user.h[22]
    each = ",".join(last if bits >> bit & 1 else "" for bit in range(7))
    return f"{frame.refresh_text},{subject.upn},{subject.name},{last},{last},{each},{frame.period}\r\n"


ROWS: dict[str, Callable[[Subject, Frame], str]] = {
    "getOffice365ActiveUserDetail": _active_users,
    "getM365AppUserDetail": _app_usage,
    "getOffice365ActivationsUserDetail": _activations,
    "getMailboxUsageDetail": _mailbox,
    "getEmailActivityUserDetail": _mail,
    "getOneDriveUsageAccountDetail": _one_drive_usage,
    "getOneDriveActivityUserDetail": _one_drive,
    "getSharePointActivityUserDetail": _share_point,
    "getTeamsUserActivityUserDetail": _teams,
    "getTeamsDeviceUsageUserDetail": _teams_devices,
    "getYammerActivityUserDetail": _viva_engage,
    "getMicrosoft365CopilotUsageUserDetail": _copilot,
}
"""Report function → what makes an account's row of it: nothing where the report does not list the account."""


def subject_of(user: SimUser, held: Licensing, usage: Usage, *, concealed: bool) -> Subject:
    """`user` as the reports print it."""
    upn, name, user_id = user.upn, cell(user.display_name), user.id
    if user.index % 7 == 0:
        upn = upn.upper()
    if concealed:
        upn, name, user_id = conceal(user.upn), conceal(user.display_name), _NO_ID
    return Subject(
        user, held, usage, entitlements(held.assigned), cell(upn), name, user_id, products_of(held)
    )


def conceal(text: str) -> str:
    """What a report shows of a name while names are concealed: 32 upper-case hexadecimal digits."""
    from hashlib import md5  # noqa: PLC0415 - only concealed reports need it

    return md5(text.lower().encode(), usedforsecurity=False).hexdigest().upper()
