"""The history of all records (HIST-1): rows are created by database triggers and immutable."""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class TransactionId(models.Field):
    """A transaction number that never repeats (`xid8`), set by the database."""

    def db_type(self, connection: Any) -> str:
        """Return the type of the column."""
        return "xid8"


class Change(models.Model):
    """One change of one record: user, time, source and action, old and new values of the changed fields.

    `chain` lists its causes. `xact` is its transaction, empty in entries older than ADR 20.
    """

    class Kind(models.TextChoices):
        """The operation."""

        CREATED = "c", "created"
        CHANGED = "u", "changed"
        DELETED = "d", "deleted"

    at = models.DateTimeField()
    entity = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    kind = models.CharField(max_length=1, choices=Kind.choices)
    actor_id = models.BigIntegerField(null=True)
    means = models.CharField(max_length=20)
    verb = models.CharField(max_length=60)
    request_id = models.CharField(max_length=40)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    chain = models.JSONField(null=True)
    xact = TransactionId(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["entity", "record_id", "-id"], name="change_of_record"),
            models.Index(
                fields=["actor_id", "-id"], name="change_by_actor", condition=models.Q(actor_id__isnull=False)
            ),
            BrinIndex(fields=["at"], name="change_by_time"),
            models.Index(fields=["xact", "id"], name="change_by_transaction", condition=models.Q(xact__isnull=False)),
        ]
