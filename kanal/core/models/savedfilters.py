"""Saved filters (LIST-3): one object for all uses of a filter."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import ColourColumn


class SavedFilter(models.Model):
    """A named view of a record type: filter, columns, sort, grouping and kind of view."""

    class Audience(models.TextChoices):
        """The users to whom the filter is offered."""

        PRIVATE = "private", _("Only me")
        CHOSEN = "chosen", _("Chosen roles or user types")
        PUBLIC = "public", _("Everyone")

    name = models.CharField(_("Name"), max_length=120)
    entity = models.CharField(_("Record type"), max_length=40)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    tree = models.JSONField(_("Filter"), default=dict, blank=True)
    columns = models.JSONField(_("Columns"), default=list, blank=True)
    sort = models.CharField(_("Sort"), max_length=200, blank=True, default="")
    group = models.CharField(_("Group by"), max_length=80, blank=True, default="")
    view = models.CharField(_("View"), max_length=20, default="list")
    audience = models.CharField(_("Visible to"), max_length=10, choices=Audience.choices, default=Audience.PRIVATE)
    roles = ArrayField(models.IntegerField(), default=list, blank=True)
    user_types = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    colour = ColourColumn(_("Colour"), blank=True, default="")
    problem = models.CharField(_("Reason for deactivation"), max_length=300, blank=True, default="")
    default_for = models.JSONField(default=dict, blank=True)
    position = models.PositiveIntegerField(_("Order"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "name", "id"]
        verbose_name = _("Saved filter")
        verbose_name_plural = _("Saved filters")

    def __str__(self) -> str:
        return self.name
