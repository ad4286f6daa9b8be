"""What people are told who are not let in: what happened, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.core.exceptions import ImmediateHttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest

Words = tuple[str, str]

AGAIN = "Begin again from the sign-in page."
SETTINGS = (
    "An administrator of Seatbeacon finds the reason in its log, and sees to the settings SEATBEACON_OIDC_…"
)
UNREACHABLE: Words = (
    "The issuer of single sign-on cannot be reached.",
    f"Try again in a minute, or sign in with a password or passkey. {SETTINGS}",
)
WRONG_CLIENT: Words = ("The issuer does not know Seatbeacon by its client id and secret.", f"{SETTINGS}")
NO_TOKEN: Words = (
    "The issuer let you in, but gave Seatbeacon no token that it can use.",
    f"{AGAIN} {SETTINGS}",
)
DECLINED: Words = ("The sign-in was declined.", AGAIN)
LOST: Words = ("This sign-in was begun in another browser, or was used already.", AGAIN)
NO_MAIL: Words = (
    "The issuer told no mail address of yours, and accounts are known by theirs.",
    "Ask its administrator to send the claim “email”.",
)


def uninvited(mail: str) -> Words:
    """Nobody invited them, and newcomers are not let in."""
    who = f"There is no account for {mail}." if mail else "The issuer told no mail address of yours."
    return f"Accounts come by invitation. {who}", "Ask an administrator of Seatbeacon for an invitation."


def not_vouched(mail: str) -> Words:
    """There is an account, and the issuer does not say that the mail address is theirs."""
    remedy = (
        "Sign in with a password or passkey and add single sign-on in your profile; or have the issuer send "
        "the claim “email_verified” (of Entra ID: the optional claim “xms_edov”)."
    )
    return (
        f"There is an account for {mail}, but the issuer does not say that it verified this address.",
        remedy,
    )


def refused(request: HttpRequest, words: Words, status: int) -> ImmediateHttpResponse:
    """The page that says so, for allauth to answer with."""
    problem, remedy = words
    page = render(
        request, "account/single_sign_on.html", {"problem": problem, "remedy": remedy}, status=status
    )
    return ImmediateHttpResponse(page)
