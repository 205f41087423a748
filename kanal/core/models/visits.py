"""Visits: when a user last looked at a record, for "Since you last looked" and recently viewed records (DET-7)."""

from django.conf import settings
from django.db import models


class Visit(models.Model):
    """The last look of a user at a record: at most one row for both.

    `at` is the last time its page was shown, `before` the look before that one which was longer ago than a sitting;
    None if there was none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entity = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "entity", "record_id"], name="visit_once")]
        indexes = [
            models.Index(fields=["user", "-at"], name="visit_newest"),
            models.Index(fields=["entity", "record_id"], name="visit_of_record"),
        ]
