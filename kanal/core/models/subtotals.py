"""Counts and sums of records by status, project and currency, maintained by triggers (see core/subtotals.py)."""

from django.db import models


class Subtotal(models.Model):
    """The difference that one change made to the records of a status. All rows together are the current sums."""

    entity = models.CharField(max_length=40)
    status = models.BigIntegerField()
    project = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="")
    number = models.BigIntegerField()
    sums = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["entity", "status"], name="subtotal_by_status")]
