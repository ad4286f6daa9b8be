"""What an issuer tells of a person's mail address, and whether it vouches for it."""

from __future__ import annotations

from typing import Any

TRUE = (True, 1, "1", "true", "True")


def told_mail(told: Any) -> tuple[str, bool]:
    """The mail address in lower case, empty where none is told, and whether the issuer vouches for it.

    `told` holds the claims of `userinfo` and of the `id_token`. OpenID Connect's claim is `email_verified`
    (Core 1.0 §5.1). Entra ID has none: its optional claim `xms_edov` says that the owner of the mail's domain
    was verified. Where `email` is not told, a `preferred_username` that looks like one is taken, and not
    vouched for.
    """
    parts = [part for name in ("userinfo", "id_token") if isinstance(part := told.get(name), dict)]
    mails = {part["email"].strip().lower() for part in parts if isinstance(part.get("email"), str)} - {""}
    if len(mails) == 1:
        vouched = any(part.get(name) in TRUE for part in parts for name in ("email_verified", "xms_edov"))
        return mails.pop(), vouched
    names = [part["preferred_username"] for part in parts if isinstance(part.get("preferred_username"), str)]
    return next((name.strip().lower() for name in names if _looks_like_mail(name)), ""), False


def _looks_like_mail(text: str) -> bool:
    name, at, host = text.strip().partition("@")
    return bool(name and at and "." in host and "@" not in host and " " not in text.strip())
