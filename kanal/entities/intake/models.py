"""Intake sources, the raw posts they send, and the individual leads of each post."""

import secrets

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import SecretColumn
from kanal.core.models import Record


def new_key() -> str:
    """Generate the secret part of a source's URL."""
    return secrets.token_urlsafe(32)


class IntakeSource(Record):
    """A source of leads: a URL with a secret key, and the mapping of its posts (INTAKE-1)."""

    name = models.CharField(_("Name"), max_length=160)
    is_active = models.BooleanField(_("Active"), default=True)
    key = SecretColumn(
        _("Secret key"), max_length=80, unique=True, default=new_key, editable=False,
        help_text=_("Part of the address that leads are sent to."),
    )  # fmt: skip
    hmac_secret = SecretColumn(
        _("HMAC secret"), max_length=200, blank=True, default="",
        help_text=_("If set, each post must be signed: X-Kanal-Signature holds sha256= and the HMAC of the body."),
    )  # fmt: skip
    allowed_web_origins = models.TextField(
        _("Allowed web origins"), blank=True, default="",
        help_text=_("One per line, such as https://www.example.com; leave empty to accept posts from servers only."),
    )  # fmt: skip
    field_mapping = models.JSONField(
        _("Field mapping"), default=dict, blank=True,
        help_text=_(
            "“fields”: a list of from, to and do (trim, lower, title, first_word, rest…); “fixed”: values by field; "
            "“preset”: the sender; “only_if”, “ignore_if”: conditions. The page “Mapping” has a table for it."
        ),
    )  # fmt: skip
    consent_text = models.TextField(
        _("Text of the consent"), blank=True, default="", db_default="",
        help_text=_("The text that people agree to in the form; stored on the lead with the date."),
    )  # fmt: skip
    default_project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="+", verbose_name=_("Default project")
    )
    default_campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Default campaign"),
    )  # fmt: skip
    default_status = models.ForeignKey(
        "leads.LeadStatus", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Default status"),
    )  # fmt: skip
    default_assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Default assignee"), help_text=_("Leave empty to let the splitter assign the leads."),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("Intake source")
        verbose_name_plural = _("Intake sources")
        ordering = ["name", "id"]


class RawPost(models.Model):
    """A post as received, stored before any processing (INTAKE-1, 2)."""

    source = models.ForeignKey(IntakeSource, on_delete=models.CASCADE, related_name="posts")
    received_at = models.DateTimeField()
    body = models.BinaryField()
    body_hash = models.BinaryField()
    content_type = models.CharField(max_length=100, default="")
    idempotency_key = models.CharField(max_length=200, default="")
    headers = models.JSONField(default=dict)
    is_list = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "idempotency_key"], condition=~models.Q(idempotency_key=""),
                name="one_post_with_an_idempotency_key",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["source", "body_hash", "-received_at"], name="raw_post_body")]


class Intake(Record):
    """A lead of a post in processing: waiting, done, ignored, or in need of attention. Its lead shows its steps."""

    class State(models.TextChoices):
        """The state of processing."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        ATTENTION = "attention", _("Needs attention")
        IGNORED = "ignored", _("Ignored")

    post = models.ForeignKey(RawPost, on_delete=models.CASCADE, null=True, editable=False, related_name="items")
    source = models.ForeignKey(
        IntakeSource, on_delete=models.CASCADE, editable=False, related_name="items", verbose_name=_("Source")
    )
    position = models.PositiveSmallIntegerField(_("Place in the list"), default=0, editable=False)
    name = models.CharField(_("Name"), max_length=200, default="", editable=False)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.WAITING, editable=False)
    reason = models.TextField(_("Reason"), default="", blank=True, editable=False)
    data = models.JSONField(_("Data"), default=dict, blank=True)
    lead = models.ForeignKey(
        "leads.Lead", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="intakes",
        verbose_name=_("Lead"),
    )  # fmt: skip
    steps = models.JSONField(default=list, editable=False)
    flags = ArrayField(models.CharField(max_length=20), default=list, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Received lead")
        verbose_name_plural = _("Received leads")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="intake_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["state", "-updated_at", "-id"], name="intake_by_state"),
            models.Index(fields=["-updated_at", "-id"], name="intake_newest"),
        ]
