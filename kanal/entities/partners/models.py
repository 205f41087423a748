"""Partners."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.models import OwnedRecord


class Partner(OwnedRecord):
    """A company that sells with us."""

    name = models.CharField(_("Name"), max_length=200)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="managed_partners",
        verbose_name=_("Manager"),
    )  # fmt: skip

    class Meta(OwnedRecord.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name", "id"]
