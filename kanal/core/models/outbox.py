"""The position of each subscriber in the history (ADR 20)."""

from django.db import models


class DeliveryPosition(models.Model):
    """The changes delivered to a subscriber: all visible in the snapshot `since`, and the ids up to `floor`.

    While a large set of changes is being delivered, `until` is the snapshot in which the set is visible. The ids above
    `last_id` and up to `ceiling` are still to be delivered.
    """

    subscriber = models.CharField(max_length=60, unique=True)
    since = models.TextField()
    floor = models.BigIntegerField(default=0)
    until = models.TextField(default="")
    last_id = models.BigIntegerField(default=0)
    ceiling = models.BigIntegerField(default=0)
