"""Mails about saved filters: the view on a schedule, and notices of records that enter or leave."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.models import SavedFilter


class Subscription(models.Model):
    """A user who gets mails about a saved filter.

    `address` is the URL at which the user opens Kanal, for links. `problem` is why the mails have stopped. If the
    filter is deleted, `name` and `entity` still say which one it was.
    """

    saved = models.ForeignKey(SavedFilter, models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    entity = models.CharField(max_length=40)
    address = models.CharField(max_length=300)
    problem = models.CharField(_("Reason for deactivation"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class ViewMail(Subscription):
    """The mail of a view on a schedule (LIST-7). `hour` and `weekday` (0 is Monday) are in the user's time zone.

    `next_at` is None if the mails have stopped.
    """

    class Rhythm(models.TextChoices):
        """How often the mail is sent."""

        DAILY = "daily", _("Every day")
        WORKDAYS = "workdays", _("Monday to Friday")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("On the first of the month")

    rhythm = models.CharField(_("How often"), max_length=10, choices=Rhythm.choices, default=Rhythm.DAILY)
    weekday = models.PositiveSmallIntegerField(_("Weekday"), default=0)
    hour = models.PositiveSmallIntegerField(_("Hour"), default=8)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["saved", "user"], name="one_mail_of_a_view")]
        indexes = [models.Index(fields=["next_at"], name="view_mail_next")]


class Watch(Subscription):
    """A user who is told when a record enters or leaves a filter (LIST-3a). `members` are the records at last."""

    members = ArrayField(models.BigIntegerField(), default=list)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["saved", "user"], name="one_watch_of_a_filter")]
