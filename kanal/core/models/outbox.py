"""How far each subscriber has come in the history (ADR 20)."""

from django.db import models


class DeliveryPosition(models.Model):
    """What was delivered to a subscriber: all that the snapshot `since` sees, and the ids up to `floor`.

    While a large set of changes is being delivered, `until` is the snapshot that sees the set; the ids above `last_id`
    and up to `ceiling` are still to be delivered.
    """

    subscriber = models.CharField(max_length=60, unique=True)
    since = models.TextField()
    floor = models.BigIntegerField(default=0)
    until = models.TextField(default="")
    last_id = models.BigIntegerField(default=0)
    ceiling = models.BigIntegerField(default=0)
