"""Durations by route and hour, and slow statements by their text."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class RouteTime(models.Model):
    """Durations of one page or job within one hour, as a histogram (`durations.LIMITS`)."""

    hour = models.DateTimeField()
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()
    seconds = models.FloatField()
    statements = models.PositiveBigIntegerField()
    statement_seconds = models.FloatField()
    durations = ArrayField(models.PositiveIntegerField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour", "kind", "name"], name="performance_routetime_once")]


class SlowStatement(models.Model):
    """A slow statement without its values: its count, durations, and latest origin."""

    digest = models.CharField(max_length=32, unique=True)
    text = models.TextField()
    origin = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    seconds = models.FloatField()
    slowest = models.FloatField()
    last_at = models.DateTimeField(db_index=True)

    @property
    def mean_ms(self) -> float:
        """Return the mean of the slow runs in milliseconds."""
        return self.seconds / max(self.count, 1) * 1000

    @property
    def slowest_ms(self) -> float:
        """Return the slowest run in milliseconds."""
        return self.slowest * 1000
