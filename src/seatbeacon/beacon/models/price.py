"""What seats cost, as people typed it in. No import touches these tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.tenant import Tenant


class Per(models.TextChoices):
    """What an amount is for."""

    MONTH = "month", "seat and month"
    YEAR = "year", "seat and year"


class Currency(models.Model):
    """A currency by its ISO 4217 code. `rate`: what a unit is worth in the base currency, whose own is 1."""

    code = models.CharField(primary_key=True, max_length=3)
    rate = models.DecimalField(max_digits=20, decimal_places=8)
    base = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["base"], condition=models.Q(base=True), name="one_base_currency"),
        ]

    def __str__(self) -> str:
        return self.code


class ProductPrice(models.Model):
    """What a seat of a product costs, from a day to a day (both included; null: without end).

    `tenant` null: in all tenants; a tenant's own price comes before it. `sku_id` is in lower case.
    """

    sku_id = models.CharField(max_length=36)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, null=True, related_name="prices")
    amount = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3)
    per = models.CharField(max_length=8, choices=Per.choices, default=Per.MONTH)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sku_id"], name="prices_by_product")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} per {self.per} for {self.sku_id}"
