"""The sign-in pages: plain HTML that any browser shows, without scripts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from seatbeacon.simulator.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

HTML = "text/html; charset=utf-8"
_STYLE = (
    "body{font-family:'Segoe UI',system-ui,sans-serif;background:#f2f2f2;margin:0;color:#1b1b1b}"
    "main{max-width:440px;margin:8vh auto;background:#fff;"
    "padding:44px;box-shadow:0 2px 6px rgba(0,0,0,.2)}h1{font-size:24px;"
    "font-weight:600}button{font:inherit;padding:8px 20px;border:0;margin:8px 8px 0 0;"
    "background:#0067b8;color:#fff;cursor:pointer}button.plain{background:#ccc;"
    "color:#000}button.account{display:block;width:100%;background:#fff;color:#000;"
    "text-align:left;border-bottom:1px solid "
    "#ddd}input[type=password],input[type=text]{font:inherit;width:100%;padding:6px 0;border:0;"
    "border-bottom:1px solid #666}small{color:#616161}.error{color:#c50f1f}"
)


def page(title: str, body: str, status: int = 200) -> Reply:
    """A whole page around `body` (HTML)."""
    text = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main><p><strong>"
        "Simulated Microsoft tenant</strong></p>"
        f"<h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Frame-Options": "DENY",
    }
    return Reply(status, text.encode(), HTML, headers)


def _form(action: str, context: str, inner: str) -> str:
    return (
        f'<form method="post" action="{escape(action)}"><input type="hidden" name="ctx" '
        f'value="{escape(context)}">{inner}</form>'
    )


def pick_account(action: str, context: str, accounts: Sequence[tuple[str, str, str, str]]) -> Reply:
    """The first page; `accounts` are (key, name, user principal name, role)."""
    buttons = "".join(
        (
            f'<button class="account" name="account" value="{escape(key)}"><strong>{escape(name)}'
            f"</strong><br>{escape(upn)}<br><small>{escape(role)}</small></button>"
        )
        for key, name, upn, role in accounts
    )
    cancel = '<button class="plain" name="cancel" value="1">Cancel</button>'
    return page("Pick an account", _form(action, context, buttons + cancel))


def password(action: str, context: str, upn: str) -> Reply:
    """The second page; any password is right."""
    inner = (
        f'<p>{escape(upn)}</p><p><label>Password <input type="password" name="passwd" '
        'autocomplete="off" autofocus></label></p>'
        '<button name="signin" value="1">Sign in</button>'
    )
    return page("Enter password", _form(action, context, inner))


def permissions(
    action: str, context: str, upn: str, app: str, wanted: Sequence[str], *, for_all: bool
) -> Reply:
    """The third page: what the app asks for; `for_all` shows the box that consents for everybody."""
    listed = "".join(f"<li>{escape(text)}</li>" for text in wanted)
    box = (
        (
            '<p><label><input type="checkbox" name="consent_all" value="1"> Consent on behalf of '
            "your organization</label></p>"
        )
        if for_all
        else ""
    )
    inner = (
        f"<p>{escape(upn)}</p><p><strong>{escape(app)}</strong></p><p>This app would like to:</p>"
        f"<ul>{listed}</ul>{box}"
        '<button class="plain" name="cancel" value="1">Cancel</button><button name="accept" '
        'value="1">Accept</button>'
    )
    return page("Permissions requested", _form(action, context, inner))


def need_admin(action: str, context: str, upn: str, app: str) -> Reply:
    """What someone sees who may not consent."""
    inner = (
        f"<p>{escape(upn)}</p><p><strong>{escape(app)}</strong> needs permission to access "
        "resources in your organization that only an admin can grant. "
        "Please ask an admin to grant permission to this app before you can use it.</p><p><small>"
        "AADSTS90094</small></p>"
        '<button name="denied" value="1">Return to the application without granting consent</button>'
    )
    return page("Need admin approval", _form(action, context, inner))


def device(action: str, problem: str = "") -> Reply:
    """Where a user code is entered."""
    told = f'<p class="error">{escape(problem)}</p>' if problem else ""
    inner = (
        f'{told}<p><label>Code <input type="text" name="otc" autofocus></label></p><button '
        'name="next" value="1">Next</button>'
    )
    return page("Enter code to allow access", f'<form method="post" action="{escape(action)}">{inner}</form>')


def refused(description: str) -> Reply:
    """An error that cannot be sent back to the app."""
    return page(
        "Sorry, but we’re having trouble signing you in.", f'<p class="error">{escape(description)}</p>', 400
    )


def done(text: str) -> Reply:
    """The end of a sign-in that leads nowhere else."""
    return page(text, "<p>You may close this window.</p>")
