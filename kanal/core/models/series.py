"""The running numbers of documents and records."""

from django.db import models


class Series(models.Model):
    """A series and the last number drawn from it."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.PositiveBigIntegerField()
