"""API tokens (ACC-9): named, scoped, expiring. Only the hash of a token is stored."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """A token with which a program acts as a user. Scopes are `read`, `write`, or narrower such as `read:leads`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=60), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("Valid until"), null=True, blank=True)
    used_at = models.DateTimeField(_("Last used"), null=True)

    class Meta:
        ordering = ["-created_at"]
