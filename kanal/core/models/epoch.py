"""The number of changes of cached tables, read with each session and token."""

from django.db import models


class Epoch(models.Model):
    """A part of the number of changes. Concurrent writers use separate rows, so none waits for another."""

    number = models.BigIntegerField(db_default=1)
