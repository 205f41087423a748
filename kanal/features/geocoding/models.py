"""Positions found for addresses."""

from django.db import models


class GeocodedPlace(models.Model):
    """The position of an address as the service answered; both coordinates are empty if it knows no such place."""

    address = models.CharField(max_length=300, unique=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    asked_at = models.DateTimeField(auto_now=True)
