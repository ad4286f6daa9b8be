"""Accounts as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Holds the account model, which Django's own parts refer to as `accounts.User`."""

    name = "seatbeacon.web.accounts"
    label = "accounts"
