"""The common columns of records: custom values, author and times, and a revision to detect concurrent edits."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """One record of any type, only written by core.writes."""

    custom = models.JSONField(_("Custom fields"), default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(_("Created"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("Changed"), auto_now=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("Author"),
    )
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        from kanal.core import registry

        entity = registry.of(type(self))
        return str(getattr(self, entity.title, "") or f"#{self.pk}") if entity else f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """Return the URL of the record's page."""
        from kanal.core import registry

        entity: Any = registry.of(type(self))
        return entity.url(self.pk)


class OwnedRecord(Record):
    """A record with owners: `owner_ids` contains author, assignee and members, maintained by `core.writes` (ACC-3)."""

    owner_ids = ArrayField(models.IntegerField(), default=list, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = True
        indexes = [GinIndex(fields=["owner_ids"], name="%(class)s_owners")]
