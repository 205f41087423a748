"""Addresses of records that another record has taken over."""

from django.db import models


class RecordAlias(models.Model):
    """An id that a record of the type had, or that belonged to one that it took over."""

    entity = models.CharField(max_length=40)
    old_id = models.BigIntegerField()
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "old_id"], name="record_alias_once")]
        indexes = [models.Index(fields=["entity", "record_id"], name="record_alias_of_record")]
