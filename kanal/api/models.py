"""The tables of the API itself: responses by Idempotency-Key (API-2), and spent limits. Records are in their apps."""

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """The response to a user's request with a key, for repeats."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    request = models.BinaryField()
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_for_a_key")]
        indexes = [models.Index(fields=["at"], name="kept_answer_at")]


class Spent(models.Model):
    """The spent part of a limit in a minute. The table is unlogged, since a crash may lose it."""

    key = models.CharField(max_length=64, primary_key=True)
    minute = models.BigIntegerField()
    count = models.IntegerField()
