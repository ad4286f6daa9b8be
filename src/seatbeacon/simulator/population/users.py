"""People, guests, rooms, shared mailboxes and service accounts: each a pure function of seed, index and
day."""

from __future__ import annotations

import math
from enum import IntEnum
from functools import lru_cache

from seatbeacon.simulator.population.dice import FIRST_ORDINAL, SCALE, moment, roll
from seatbeacon.simulator.population.names import ODD_DISPLAY_NAMES, full_names
from seatbeacon.simulator.population.places import COMPANIES, DEPARTMENTS, JOBS, PARTNER_DOMAINS, PLACES

JOINERS_PER_DAY = 0.003
_LOG_STAY = math.log(1 - 0.002)
"""Two of a thousand leave each day."""
CHANGE_EVERY = 100
"""Days between two changes of one user, so that one in a hundred changes on any day."""


class Kind(IntEnum):
    """What an account is for."""

    PERSON = 0
    GUEST = 1
    SHARED = 2
    ROOM = 3
    SERVICE = 4
    ADMIN = 5
    FRONTLINE = 6


_KIND_SHARES = (
    (0.055, Kind.GUEST),
    (0.085, Kind.SHARED),
    (0.105, Kind.ROOM),
    (0.115, Kind.SERVICE),
    (0.123, Kind.ADMIN),
    (0.16, Kind.FRONTLINE),
)


class SimUser:
    """One account of the tenant as it stands on one day; `None` is what Graph writes as null."""

    __slots__ = (
        "city",
        "company",
        "country",
        "created",
        "created_day",
        "department",
        "display_name",
        "employee_id",
        "employee_type",
        "enabled",
        "external_state",
        "generation",
        "given_name",
        "h",
        "id",
        "index",
        "job_title",
        "joined",
        "kind",
        "mail",
        "manager_index",
        "office",
        "other_mails",
        "proxy_addresses",
        "surname",
        "synced",
        "upn",
        "usage_location",
        "user_type",
    )
    index: int
    id: str
    upn: str
    display_name: str
    given_name: str | None
    surname: str | None
    mail: str | None
    other_mails: list[str]
    proxy_addresses: list[str]
    enabled: bool
    user_type: str
    kind: Kind
    created: str
    created_day: int
    joined: int
    department: str | None
    job_title: str | None
    company: str | None
    country: str | None
    city: str | None
    office: str | None
    usage_location: str | None
    employee_id: str | None
    employee_type: str | None
    synced: bool | None
    external_state: str | None
    manager_index: int | None
    generation: int
    h: tuple[int, ...]


class People:
    """The accounts of one tenant: which exist on a day, and what each is."""

    def __init__(self, seed: int, users: int, domain: str, initial_domain: str) -> None:
        self.seed = seed
        self.users = users
        self.domain = domain
        self.initial_domain = initial_domain
        self.joiners = max(1, round(users * JOINERS_PER_DAY))
        self._names = full_names()
        self._prime = _prime_from(max(len(self._names), users + 1))
        self._factor = 1 + roll(seed, 0, b"names")[0] * 31 % (self._prime - 1)
        self.brief = lru_cache(maxsize=4096)(self.user)

    def joined(self, index: int) -> int:
        """The day on which the account `index` comes; 0 for those who were there."""
        return 0 if index < self.users else 1 + (index - self.users) // self.joiners

    def last_index(self, day: int) -> int:
        """One more than the highest index that has ever existed by `day`."""
        return self.users + day * self.joiners

    def leaves(self, index: int, h: tuple[int, ...]) -> int:
        """The day on which the account `index` goes."""
        return self.joined(index) + 1 + int(math.log((h[1] + 1) / SCALE) / _LOG_STAY)

    def exists(self, index: int, day: int) -> bool:
        """Whether the account `index` stands in the directory on `day`."""
        if index >= self.last_index(day):
            return False
        return day == 0 or self.leaves(index, roll(self.seed, index)) > day

    def user(self, index: int, day: int) -> SimUser:
        """The account `index` as of `day` (it need not exist on that day)."""
        h = roll(self.seed, index)
        user = SimUser()
        user.index, user.h = index, h
        user.kind = kind = _kind(h[0])
        user.generation = (day + h[2] % CHANGE_EVERY) // CHANGE_EVERY
        user.joined = self.joined(index)
        user.created_day = created = (
            FIRST_ORDINAL + user.joined if user.joined else FIRST_ORDINAL - 2 - h[4] * 3600 // SCALE
        )
        user.created = moment(created, h[5])
        raw = f"{h[28]:04x}{h[29]:04x}{h[30]:04x}{h[31]:04x}"
        user.id = f"{raw[:8]}-{raw[8:12]}-4{raw[13:]}-{0x8000 | h[27] & 0x3FFF:04x}-{index:08x}{h[26]:04x}"
        slot = index % self._prime * self._factor % self._prime
        given, family, mailbox = self._names[slot % len(self._names)]
        suffix = slot // len(self._names) + index // self._prime * (self._prime // len(self._names) + 1)
        if suffix:
            mailbox += str(suffix + 1)
        user.enabled = h[6] > SCALE * 0.06
        user.user_type = "Member"
        user.other_mails, user.proxy_addresses = [], []
        user.external_state = user.synced = None
        place = PLACES[(h[7] * h[7] >> 16) * len(PLACES) // SCALE]
        user.country, user.usage_location, user.city, user.office = place
        if h[8] % 64 == 0:
            user.usage_location = None
        user.department = user.job_title = user.company = user.employee_id = user.employee_type = None
        user.manager_index = None
        _DRESS[kind](self, user, given, family, mailbox)
        return user

    def manager(self, user: SimUser, day: int) -> SimUser | None:
        """The manager of `user` on `day`; None for those without, or whose manager has left."""
        if user.manager_index is None:
            return None
        boss = self.brief(user.manager_index, day)
        return (
            boss if boss.kind is Kind.PERSON and (day == 0 or self.leaves(boss.index, boss.h) > day) else None
        )


def license_turns(user: SimUser) -> int:
    """How many of the user's changes were of licenses; the others were of department and job, in turn with
    them."""
    return (user.generation + _license_first(user)) // 2


def license_changed(user: SimUser) -> int:
    """The ordinal of the day on which the user's licenses last changed; 0 if they never did."""
    turns = license_turns(user)
    if not turns:
        return 0
    return FIRST_ORDINAL + (2 * turns - _license_first(user)) * CHANGE_EVERY - user.h[2] % CHANGE_EVERY


def _license_first(user: SimUser) -> int:
    return user.h[2] // CHANGE_EVERY & 1


def _dress_person(people: People, user: SimUser, given: str, family: str, mailbox: str) -> None:
    h = user.h
    if user.kind is Kind.FRONTLINE:
        mailbox = f"{100000 + user.index}.{mailbox}"
    user.given_name, user.surname = given, family
    user.display_name = f"{given} {family}"
    if h[9] % 41 == 0:
        user.display_name = ODD_DISPLAY_NAMES[h[22] % len(ODD_DISPLAY_NAMES)].format(name=user.display_name)
    local = mailbox if h[11] % 5 else mailbox.title()
    user.upn = f"{local}@{people.domain}"
    user.mail = user.upn if h[11] % 16 else f"{mailbox}@mail.{people.domain}"
    user.proxy_addresses = [f"SMTP:{user.mail}", f"smtp:{mailbox}@{people.initial_domain}"]
    if h[11] % 50 == 7:
        user.other_mails = [f"{mailbox}@home.example"]
    moves = user.generation - license_turns(user)
    user.department = DEPARTMENTS[(h[3] + 7 * moves) % len(DEPARTMENTS)] if h[12] % 50 else None
    user.job_title = JOBS[(h[13] + moves) % len(JOBS)]
    user.company = COMPANIES[h[14] % len(COMPANIES)]
    user.employee_id = f"E{user.index + 10001:07d}" if h[14] % 10 else None
    user.employee_type = ("Employee", "Employee", "Employee", "Contractor", "Intern")[h[12] % 5]
    user.synced = True if h[15] % 10 < 7 else None
    user.manager_index = user.index // 8 if user.index >= 8 and h[15] % 20 else None


def _dress_guest(people: People, user: SimUser, given: str, family: str, mailbox: str) -> None:
    h = user.h
    partner = PARTNER_DOMAINS[h[11] % len(PARTNER_DOMAINS)]
    user.given_name = user.surname = None
    user.display_name = f"{given} {family} ({partner.split('.')[0].title()})"
    user.mail = f"{mailbox}@{partner}"
    user.other_mails = [user.mail]
    user.proxy_addresses = [f"SMTP:{user.mail}"]
    user.upn = f"{mailbox}_{partner}#EXT#@{people.initial_domain}"
    user.user_type = "Guest"
    user.external_state = "PendingAcceptance" if h[12] % 4 == 0 else "Accepted"
    user.usage_location = user.city = user.office = user.country = None


def _dress_resource(people: People, user: SimUser, given: str, family: str, mailbox: str) -> None:
    number = user.index
    label, local = {
        Kind.SHARED: (
            (
                f"{('Info', 'Sales', 'Orders', 'HR', 'Factuur', 'Contabilità')[user.h[12] % 6]} "
                f"{user.city} {number}"
            ),
            f"shared-{number}",
        ),
        Kind.ROOM: (f"Room {user.city} {number} ({4 + user.h[12] % 20})", f"room-{number}"),
        Kind.SERVICE: (
            f"svc {('backup', 'scanner', 'crm-sync', 'monitoring')[user.h[12] % 4]} {number}",
            f"svc-{number}",
        ),
        Kind.ADMIN: (f"{given} {family} (Admin)", f"adm-{mailbox}"),
    }[user.kind]
    user.given_name = user.surname = None
    user.display_name = label
    user.upn = f"{local}@{people.domain}"
    user.mail = None if user.kind in (Kind.SERVICE, Kind.ADMIN) else user.upn
    user.proxy_addresses = [f"SMTP:{user.mail}"] if user.mail else []
    user.company = COMPANIES[0]
    if user.kind in (Kind.SHARED, Kind.ROOM):
        user.enabled = False


_DRESS = {
    Kind.PERSON: _dress_person,
    Kind.FRONTLINE: _dress_person,
    Kind.GUEST: _dress_guest,
    Kind.SHARED: _dress_resource,
    Kind.ROOM: _dress_resource,
    Kind.SERVICE: _dress_resource,
    Kind.ADMIN: _dress_resource,
}


def _kind(number: int) -> Kind:
    share = number / SCALE
    if share >= _KIND_SHARES[-1][0]:
        return Kind.PERSON
    return next(kind for limit, kind in _KIND_SHARES if share < limit)


def _prime_from(number: int) -> int:
    while any(number % divisor == 0 for divisor in range(2, math.isqrt(number) + 1)):
        number += 1
    return number
