"""Users and groups. Permissions are in core.models.access."""

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import PhoneColumn
from kanal.core.models import Record


class UserType(models.TextChoices):
    """The type of a user, which determines the home page and the menus."""

    REPRESENTATIVE = "representative", _("Sales representative")
    DIRECTOR = "director", _("Sales director")
    ADMINISTRATOR = "administrator", _("Administrator")
    REGULAR = "regular", _("Regular user")
    PARTNER = "partner", _("Partner user")


class Users(BaseUserManager):
    """Users, identified by username."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """Return the user with this username, ignoring case."""
        return self.get(username__iexact=username)


class User(Record, AbstractBaseUser):
    """A user who can sign in."""

    username = models.CharField(_("User name"), max_length=60, unique=True)
    email = models.EmailField(_("E-mail"), unique=True)
    first_name = models.CharField(_("First name"), max_length=80, blank=True, default="")
    last_name = models.CharField(_("Last name"), max_length=80)
    name = models.CharField(_("Name"), max_length=170, editable=False, default="", db_index=True)
    job_title = models.CharField(_("Job title"), max_length=120, blank=True, default="")
    phone = PhoneColumn(_("Phone"), blank=True, default="")
    user_type = models.CharField(
        _("User type"), max_length=20, choices=UserType.choices, default=UserType.REPRESENTATIVE
    )
    supervisor = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("Supervisor")
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="users",
        verbose_name=_("Partner"), help_text=_("For partner users: the partner they belong to."),
    )  # fmt: skip
    language = models.CharField(_("Language"), max_length=8, blank=True, default="")
    time_zone = models.CharField(_("Time zone"), max_length=60, blank=True, default="")
    is_active = models.BooleanField(_("Active"), default=True)
    absent_from = models.DateField(_("Absent from"), null=True, blank=True)
    absent_until = models.DateField(
        _("Absent until"),
        null=True,
        blank=True,
        help_text=_("The last day of the absence; until then, the splitter skips the user."),
    )
    most_open_leads = models.PositiveIntegerField(
        _("Most open leads"), null=True, blank=True,
        help_text=_("The splitter assigns no more leads to a user with this many open leads."),
    )  # fmt: skip
    theme = models.CharField(max_length=8, blank=True, default="", editable=False)

    objects = Users()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email", "last_name"]

    class Meta(Record.Meta):
        verbose_name = _("User")
        verbose_name_plural = _("Users")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(user_type=UserType.PARTNER) | models.Q(partner__isnull=False),
                name="a_partner_user_has_a_partner",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_administrator(self) -> bool:
        """Return whether the user has every permission."""
        return self.user_type == UserType.ADMINISTRATOR

    @property
    def is_external(self) -> bool:
        """Return whether the user belongs to a partner, so that ACC-8 applies."""
        return self.user_type == UserType.PARTNER

    @property
    def is_staff(self) -> bool:
        """Return whether the user may see developer pages (the style guide)."""
        return self.is_administrator

    def is_absent(self, day: dt.date) -> bool:
        """Return whether the user is absent on a day. An absence without an end continues until it's changed."""
        if self.absent_from is None and self.absent_until is None:
            return False
        return (self.absent_from or dt.date.min) <= day <= (self.absent_until or dt.date.max)

    def group_ids(self) -> list[int]:
        """Return the ids of the user's groups, cached."""
        if not hasattr(self, "_group_ids"):
            self._group_ids = list(Group.members.through.objects.filter(user=self).values_list("group_id", flat=True))
        return self._group_ids


class Group(Record):
    """A group of users for assigning roles."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    description = models.TextField(_("Description"), blank=True, default="")
    members = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("Members"))

    class Meta(Record.Meta):
        verbose_name = _("Group")
        verbose_name_plural = _("Groups")
        ordering = ["name", "id"]
