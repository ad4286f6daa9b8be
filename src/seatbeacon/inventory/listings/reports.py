"""What single reports tell of a user, as of their last import: none of it is kept over time."""

from __future__ import annotations

from seatbeacon.inventory.listings.declaration import Column, Listing
from seatbeacon.inventory.listings.users import KIND, PERSON, PERSON_SEARCH, of_user, user_no

_REFRESHED = Column(
    "report_refresh_date", "As of", "date", sql="r.report_refresh_date", default_visible=False
)


def _listing(
    name: str,
    label: str,
    table: str,
    columns: tuple[Column, ...],
    *,
    about: str,
    keys: tuple[str, ...] = ("user_id",),
    default_sort: tuple[str, ...] = ("user_principal_name",),
) -> Listing:
    return Listing(
        name=name,
        label=label,
        about=about,
        source=f"{table} r",
        joins=(of_user("r"), KIND),
        person="r.user_no",
        repeats=len(keys) > 1,
        columns=(*PERSON, *columns),
        search=PERSON_SEARCH,
        default_sort=default_sort,
        keys=keys,
        ties=(user_no("r"), *(column for column in columns if column.key in keys)),
    )


def _day(key: str, label: str, sql: str = "", *, visible: bool = True) -> Column:
    return Column(
        key,
        label,
        "date",
        sql=f"r.{sql or key}",
        default_visible=visible,
        relative_to="r.report_refresh_date",
    )


def _number(key: str, label: str, *, visible: bool = True) -> Column:
    return Column(key, label, "number", sql=f"r.{key}", default_visible=visible, summed=True)


def _bytes(key: str, label: str, *, visible: bool = True) -> Column:
    return Column(key, label, "number", sql=f"r.{key}", default_visible=visible, summed=True, role="bytes")


ACTIVATIONS = _listing(
    "activations",
    "Activations",
    "activations",
    (
        Column("product", "Product", sql="r.product", groupable=True),
        Column("last_activated_date", "Last activated", "date", sql="r.last_activated_date"),
        _number("windows", "Windows"),
        _number("mac", "Mac"),
        _number("ios", "iOS"),
        _number("android", "Android"),
        _number("windows_10_mobile", "Windows 10 Mobile", visible=False),
        Column("shared_computer", "Shared computer", "boolean", sql="r.shared_computer", groupable=True),
        _REFRESHED,
    ),
    about="On which kinds of devices a user activated an Office product.",
    keys=("user_id", "product", "last_activated_date"),
    default_sort=("user_principal_name", "product"),
)

MAILBOXES = _listing(
    "mailboxes",
    "Mailboxes",
    "mailboxes",
    (
        Column("recipient_type", "Kind", sql="r.recipient_type", groupable=True),
        _day("last_activity_date", "Last activity"),
        _number("items", "Items"),
        _bytes("bytes_used", "Used"),
        _bytes("quota_bytes", "Quota"),
        Column("has_archive", "Archive", "boolean", sql="r.has_archive", groupable=True),
        Column("created_date", "Created", "date", sql="r.created_date", default_visible=False),
        _REFRESHED,
    ),
    about="Mailboxes with their size and last activity.",
    default_sort=("-bytes_used", "user_principal_name"),
)

ONEDRIVES = _listing(
    "onedrives",
    "OneDrives",
    "onedrives",
    (
        _day("last_activity_date", "Last activity"),
        _number("files", "Files"),
        _number("active_files", "Active files"),
        _bytes("bytes_used", "Used"),
        _bytes("bytes_allocated", "Allocated"),
        Column("site_url", "Site", sql="r.site_url", default_visible=False),
        _REFRESHED,
    ),
    about="OneDrives with their size and last activity.",
    default_sort=("-bytes_used", "user_principal_name"),
)

_COPILOT = ("chat", "teams", "word", "excel", "powerpoint", "outlook", "onenote", "loop")
_COPILOT_LABELS = {"powerpoint": "PowerPoint", "onenote": "OneNote"}

COPILOT = _listing(
    "copilot",
    "Copilot",
    "copilot_usage",
    (
        _day("last_activity_date", "Last activity"),
        *(
            _day(f"{app}_date", _COPILOT_LABELS.get(app, app.title()), visible=app != "loop")
            for app in _COPILOT
        ),
        _REFRESHED,
    ),
    about="When a user last used Copilot, and in which app.",
    default_sort=("-last_activity_date", "user_principal_name"),
)

SIGN_INS = _listing(
    "sign-ins",
    "Sign-ins",
    "sign_ins",
    (
        Column("last_sign_in_at", "Last sign-in", "time", sql="r.last_sign_in_at"),
        Column(
            "last_non_interactive_sign_in_at",
            "Last without a person",
            "time",
            sql="r.last_non_interactive_sign_in_at",
        ),
        Column("last_successful_sign_in_at", "Last successful", "time", sql="r.last_successful_sign_in_at"),
    ),
    about="When a user last signed in; needs the permission AuditLog.Read.All.",
    default_sort=("-last_sign_in_at", "user_principal_name"),
)
