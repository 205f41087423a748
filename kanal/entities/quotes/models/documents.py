"""Global templates of quote documents (those of a price book are among its files), and their reports."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from kanal.core.models import Record
from kanal.core.query.expressions import Fold


class DocumentTemplate(Record):
    """A template available for every quote. Its Word file is among its files, with versions (DOC-1)."""

    name = models.CharField(_("Name"), max_length=160)
    description = models.TextField(_("Description"), blank=True, default="")
    language = models.CharField(
        _("Language"), max_length=8, blank=True, default="", choices=settings.LANGUAGES,
        help_text=_("The language of dates and amounts; the quote's language if empty."),
    )  # fmt: skip
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("Document template")
        verbose_name_plural = _("Document templates")
        indexes = [
            models.Index(Fold("name"), "id", name="template_name"),
            models.Index(F("updated_at").desc(), F("id").desc(), name="template_updated"),
        ]


class TemplateReport(models.Model):
    """The result of checking a version of a template's file: tokens, unknown ones, errors, remarks (DOC-2)."""

    version = models.OneToOneField("files.Version", on_delete=models.CASCADE, related_name="+", primary_key=True)
    tokens = models.JSONField(default=list)
    unknown = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    checked_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-checked_at"]

    @property
    def is_sound(self) -> bool:
        """Return whether documents can be generated from this version."""
        return not self.unknown and not self.errors
