"""What people decide about recommendations. No import removes a row of these tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from seatbeacon.beacon.models.tenant import Tenant


class DecisionState(models.TextChoices):
    """How far a recommendation is. *Done* is what a person says; `Decision.confirmed_at` is an import's
    word."""

    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    IN_WORK = "in work", "In work"
    DONE = "done", "Done"
    DISMISSED = "dismissed", "Dismissed"
    EXEMPTED = "exempted", "Exempted"


class Decision(models.Model):
    """How a recommendation of a tenant stands; one without a row is open.

    `key` is the column `key` of the listing: user id (empty for what is of no user), product id and rule.
    `until` is the last day of a dismissal or exemption (null: for good). `user_name` to `realisable_on`
    are the finding as it was when it was last decided on, because one that is done is found no more; amounts
    are null where no price is known. `confirmed_at` and `import_no` tell the import that no longer found it.

    `before` is what `batch`, the act that made it so, put this in place of. `revision` rises with every
    change.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="decisions")
    key = models.CharField(max_length=255)
    state = models.CharField(max_length=16, choices=DecisionState.choices)
    reason = models.CharField(max_length=1000, blank=True, default="")
    until = models.DateField(null=True)
    decided_by = models.CharField(max_length=320)
    decided_at = models.DateTimeField()
    user_name = models.CharField(max_length=256, blank=True, default="")
    product_name = models.CharField(max_length=256, blank=True, default="")
    rule_title = models.CharField(max_length=200, blank=True, default="")
    seats = models.BigIntegerField(default=1)
    monthly_saving = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    yearly_saving = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    realisable_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    import_no = models.BigIntegerField(null=True)
    batch = models.CharField(max_length=32, blank=True, default="")
    before = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key"], name="one_decision_per_recommendation"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "state"], name="decisions_by_state"),
            models.Index(fields=["batch"], name="decisions_by_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"

    @property
    def parts(self) -> tuple[str, str, str]:
        """User id (empty for none), product id and rule."""
        user, sku, rule = self.key.split("/", 2)
        return user, sku, rule


class Reckoning(models.Model):
    """The evaluation of a tenant that was last settled: decisions compared with it, its day's sums written.

    `results` is the name of its file; `version` the number of the inventory's version. `recommendations` to
    `currency` are what could be saved by it, without what was dismissed or exempted, as long as `decisions`
    is the stamp of the tenant's decisions (`listed.stamps`).

    `stale`: something that it depends on changed since, and it is to be judged again. `fault` is what kept
    the last attempt from that, at `failed_at`; empty where it came to its end."""

    tenant = models.OneToOneField(
        Tenant, on_delete=models.CASCADE, primary_key=True, related_name="reckoning"
    )
    version = models.BigIntegerField()
    results = models.CharField(max_length=255)
    at = models.DateTimeField()
    decisions = models.CharField(max_length=64, blank=True, default="")
    recommendations = models.BigIntegerField(default=0)
    seats = models.BigIntegerField(default=0)
    monthly = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    yearly = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    unpriced = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    stale = models.BooleanField(default=False)
    fault = models.CharField(max_length=1000, blank=True, default="")
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.results} of tenant {self.tenant_id}"


class SavingsDay(models.Model):
    """What a rule found in a tenant by the last evaluation of a day (UTC), in the currency `currency`.

    `recommendations` to `yearly` are what could be saved, without what was dismissed or exempted; `realised`
    and `realised_monthly` what was decided on and found no more until then, in `confirmed` recommendations,
    all days before included. `yearly` and `realised` are a year, the monthly ones a month.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="savings_days")
    day = models.DateField()
    rule = models.CharField(max_length=64)
    recommendations = models.BigIntegerField()
    seats = models.BigIntegerField(default=0)
    monthly = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    yearly = models.DecimalField(max_digits=18, decimal_places=4)
    confirmed = models.BigIntegerField(default=0)
    realised = models.DecimalField(max_digits=18, decimal_places=4)
    realised_monthly = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "day", "rule"], name="one_sum_per_rule_and_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="savings_by_day")]

    def __str__(self) -> str:
        return f"{self.rule} on {self.day}"
