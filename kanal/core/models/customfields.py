"""Custom fields that administrators add to a record type (CF-1…4)."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kanal.core.models.translations import TranslatedName


class CustomField(TranslatedName, models.Model):
    """One custom field. Its values are stored under its key in the record's `custom`."""

    entity = models.CharField(_("Record type"), max_length=40)
    key = models.SlugField(_("Key"), max_length=60)
    name = models.CharField(_("Name"), max_length=120)
    translations = models.JSONField(_("Translations"), default=dict, blank=True)
    kind = models.CharField(_("Kind"), max_length=20)
    help = models.CharField(_("Help"), max_length=300, blank=True, default="")
    section = models.CharField(  # the key of a declared section, or the title of a custom one
        _("Field group"), max_length=80, blank=True, default=""
    )
    position = models.PositiveIntegerField(_("Position"), default=0)
    required = models.BooleanField(_("Required"), default=False)
    default = models.JSONField(_("Default"), null=True, blank=True)
    minimum = models.DecimalField(_("Minimum"), max_digits=18, decimal_places=4, null=True, blank=True)
    maximum = models.DecimalField(_("Maximum"), max_digits=18, decimal_places=4, null=True, blank=True)
    pattern = models.CharField(_("Pattern"), max_length=200, blank=True, default="")
    choices = models.JSONField(_("Choices"), default=list, blank=True)
    filterable = models.BooleanField(_("Filterable"), default=False)
    searchable = models.BooleanField(_("Searchable"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    conditions = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["entity", "position", "id"]
        verbose_name = _("Custom field")
        verbose_name_plural = _("Custom fields")
        constraints = [models.UniqueConstraint(fields=["entity", "key"], name="custom_field_key_once")]

    def get_options(self) -> list[dict[str, Any]]:
        """Return the choices as {"key", "label", "colour"} in the reader's language."""
        language = get_language() or ""
        return [
            {
                "key": choice["key"],
                "label": choice.get("translations", {}).get(language) or choice["label"],
                "colour": choice.get("colour", ""),
            }
            for choice in self.choices
        ]
