"""How often what processes remember was changed: read along with each session and token."""

from django.db import models


class Epoch(models.Model):
    """A part of the number of changes; writers at once count in rows of their own, so none waits for another."""

    number = models.BigIntegerField(db_default=1)
