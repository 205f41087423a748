"""Access: roles and their rules, grants to users, the closures of projects and of the organization chart."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """The records of a type that a role sees (ACC-3)."""

    ALL = "all", _("All")
    TEAM = "team", _("Own and subordinates'")
    OWN = "own", _("Own")
    PARTNER = "partner", _("The partner's")


class Role(models.Model):
    """A named set of rules. `is_builtin` roles are part of the installation."""

    key = models.SlugField(_("Key"), max_length=60, unique=True)
    name = models.CharField(_("Name"), max_length=120)
    description = models.TextField(_("Description"), blank=True, default="")
    is_builtin = models.BooleanField(default=False, editable=False)
    permissions = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("Role")
        verbose_name_plural = _("Roles")

    def __str__(self) -> str:
        return self.name


class RoleRule(models.Model):
    """The permitted actions of a role on one record type, and the visible records."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="rules")
    entity = models.CharField(max_length=40)
    actions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.OWN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "entity"], name="role_rule_once_per_type")]


class Assignment(models.Model):
    """A role assigned to a user or a group: everywhere (`project` empty), or in a project as its member (ACC-1).

    `inherited`: it also applies to all subprojects. Grants are derived from assignments (access.materialized).
    """

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("Role"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="assignments"
    )
    group = models.ForeignKey("people.Group", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, null=True, blank=True, related_name="assignments"
    )
    inherited = models.BooleanField(_("In subprojects too"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(group__isnull=True),
                name="role_is_given_to_a_user_or_a_group",
            ),
            models.UniqueConstraint(
                fields=["role", "user", "group", "project"], name="role_given_once", nulls_distinct=False
            ),
        ]


class Grant(models.Model):
    """A role that a user has everywhere (`project` empty) or in a project, with groups and inheritance resolved.

    Only written by access.materialized, whenever an assignment, a group or the project tree changes.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.CASCADE)
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "project"], name="grant_once", nulls_distinct=False
            )
        ]  # fmt: skip


class ProjectPath(models.Model):
    """One pair of the project tree's closure. Every project is its own descendant at depth 0."""

    ancestor = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    descendant = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ancestor", "descendant"], name="project_path_once")]


class SupervisorPath(models.Model):
    """One pair of the organization chart's closure (ACC-4). Users aren't their own subordinates."""

    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subordinate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    depth = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supervisor", "subordinate"], name="supervisor_path_once")]


class FieldVisibility(models.Model):
    """The users who see a field (ACC-6, CF-2). A field without such a row is visible to all who see the record."""

    entity = models.CharField(max_length=40)
    field = models.CharField(max_length=80)
    groups = ArrayField(models.IntegerField(), default=list, blank=True)
    user_types = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    users = ArrayField(models.IntegerField(), default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entity", "field"], name="field_visibility_once")]


class FieldRule(models.Model):
    """The mode of a field for a role at a status (FORM-2). No role means everyone, no status means always."""

    class Mode(models.TextChoices):
        """The mode of the field."""

        REQUIRED = "required", _("Required")
        READ_ONLY = "read_only", _("Read-only")
        HIDDEN = "hidden", _("Hidden")

    entity = models.CharField(max_length=40)
    field = models.CharField(max_length=80)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, null=True, blank=True)
    status = models.CharField(max_length=60, blank=True, default="")
    mode = models.CharField(max_length=10, choices=Mode.choices)
