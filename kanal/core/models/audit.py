"""Actions on the installation: sign-ins, permissions, settings, exports, imports, backups, anonymizations (ACC-10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One entry: time, user (with name, in case they leave), source, kind and text.

    Entries written by triggers contain the row (`subject`), the operation, and old and new values by column. The
    database makes entries immutable.
    """

    class Kind(models.TextChoices):
        """The subject of an entry."""

        LOGIN = "login", _("Sign-in")
        FAILURE = "failure", _("Failed sign-in")
        LOGOUT = "logout", _("Sign-out")
        PASSWORD = "password", _("Password or second factor")
        TOKEN = "token", _("API token")
        RIGHTS = "rights", _("Roles and permissions")
        SETTINGS = "settings", _("Settings")
        EXPORT = "export", _("Export")
        IMPORT = "import", _("Import")
        BACKUP = "backup", _("Backup and restore")
        ANONYMIZED = "anonymized", _("Anonymization")

    class Done(models.TextChoices):
        """The operation on a row."""

        MADE = "i", _("made")
        CHANGED = "u", _("changed")
        DELETED = "d", _("deleted")

    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=170, default="")
    text = models.CharField(max_length=400, default="")
    entity = models.CharField(max_length=40, default="")
    record_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=60, default="")
    means = models.CharField(max_length=20, default="")
    done = models.CharField(max_length=1, choices=Done.choices, default="")
    subject = models.JSONField(default=dict)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "-id"], name="audit_by_kind"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]
