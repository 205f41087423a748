"""Comments on records of any type (DET-3)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Comment(models.Model):
    """A comment on a record. Private ones are only visible to internal users (ACC-8)."""

    entity = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    text = models.TextField(_("Comment"))
    is_private = models.BooleanField(_("Private"), default=False)
    is_note = models.BooleanField(default=False, db_default=False)  # from the system, and nobody's to edit or delete
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["entity", "record_id", "-id"], name="comment_of_record")]
