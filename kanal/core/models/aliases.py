"""Addresses of records, adopted by other records."""

from django.db import models


class RecordAlias(models.Model):
    """A former id of a record, or the id of a record merged into it."""

    entity = models.CharField(max_length=40)
    old_id = models.BigIntegerField()
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "old_id"], name="record_alias_once")]
        indexes = [models.Index(fields=["entity", "record_id"], name="record_alias_of_record")]
