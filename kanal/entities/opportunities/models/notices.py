"""The notices sent about opportunities that need attention (OPP-7)."""

from django.conf import settings
from django.db import models

from kanal.entities.opportunities.models.opportunities import Opportunity


class AttentionNotice(models.Model):
    """A state of an opportunity of which its assignee has been told. It is deleted when the state ends.

    `kind` is the key of a mark, or of another state that is only announced.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opportunity", "kind"], name="attention_notice_once")]
