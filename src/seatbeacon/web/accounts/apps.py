"""Accounts as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Holds the account model, which Django's own parts refer to as `accounts.User`."""

    name = "seatbeacon.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Tell the keeper of secrets of those of this application."""
        # ruff: noqa: PLC0415 - models can be imported by now
        from seatbeacon.beacon.secrets.held import register
        from seatbeacon.web.accounts.second_factors import held_second_factors

        register(held_second_factors)
