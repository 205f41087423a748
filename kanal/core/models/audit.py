"""What was done to the installation's safety: sign-ins, rights, settings, exports, anonymizations (ACC-10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One entry: when, who (by name too, for those who leave), what kind, what; the database lets nobody change it."""

    class Kind(models.TextChoices):
        """What it is about."""

        LOGIN = "login", _("Sign-in")
        FAILURE = "failure", _("Failed sign-in")
        LOGOUT = "logout", _("Sign-out")
        PASSWORD = "password", _("Password or second factor")
        TOKEN = "token", _("API token")
        RIGHTS = "rights", _("Roles and permissions")
        SETTINGS = "settings", _("Settings")
        EXPORT = "export", _("Export")
        ANONYMIZED = "anonymized", _("Anonymization")

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=170, default="")
    text = models.CharField(max_length=400, default="")
    entity = models.CharField(max_length=40, default="")
    record_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=60, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "-id"], name="audit_by_kind"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]
