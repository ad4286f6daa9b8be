"""What proves a second factor stood in the clear, and so did the keys of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import migrations

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEPT_IN = {"totp": "secret", "recovery_codes": "seed"}


def seal(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Seal the second factors there are, and end the sessions: everybody signs in once more."""
    from seatbeacon.web.accounts.second_factors import (  # noqa: PLC0415 - needs models
        SEALED,
        SecondFactorAdapter,
    )

    del editor
    adapter = SecondFactorAdapter()
    for factor in apps.get_model("mfa", "Authenticator").objects.filter(type__in=KEPT_IN):
        field = KEPT_IN[factor.type]
        if not factor.data[field].startswith(SEALED):
            factor.data[field] = adapter.encrypt(factor.data[field])
            factor.save(update_fields=["data"])
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    """Data alone."""

    dependencies: ClassVar = [
        ("accounts", "0002_api_tokens"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("sessions", "0001_initial"),
    ]

    operations: ClassVar = [migrations.RunPython(seal, migrations.RunPython.noop)]
