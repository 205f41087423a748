"""The record types of opportunities, and the actions on them."""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kanal.core import audit, writes
from kanal.core.action import Action, Button, Dialog
from kanal.core.context import today
from kanal.core.entity import Entity, Figure, Listing, Rules, Scope, Section, Tab
from kanal.core.fields import FIELD_TYPES, Field, Option
from kanal.core.fields.code_tables import CodeTable
from kanal.core.fields.from_model import model_field
from kanal.core.references.columns import Policy, declare_policy
from kanal.core.registry import extend, register
from kanal.entities.opportunities import actions, phrases, rules
from kanal.entities.opportunities.marks import MARKS
from kanal.entities.opportunities.models import BusinessRole, Opportunity, OpportunityStatus, Pipeline
from kanal.entities.opportunities.models.pipelines import options_of_kinds
from kanal.entities.projects.choosing import project_for


class Lost(CodeTable):
    """The statuses of lost opportunities."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """List the active ones of every pipeline."""
        return options_of_kinds(OpportunityStatus.Kind.LOST)


VALUE, WEIGHTED = model_field(Opportunity, "value"), model_field(Opportunity, "weighted_value")
LOSING = Field("status", _("Status"), FIELD_TYPES["choice"], table=Lost)


def preset(by: Any) -> dict[str, Any]:
    """Return the initial values of an opportunity."""
    status = rules.first_status(Pipeline.default())
    values: dict[str, Any] = {"status": status.key} if status else {}
    if by.user is not None and by.user.is_external and (project := project_for(by.user, "opportunities")):
        values["project"] = project
    return {**values, "assignee": by.user_id} if by.user_id else values


def time_in_status(opportunity: Any, user: Any) -> str | None:
    """Return for how many days an opportunity has had its status."""
    if opportunity.status_since is None:
        return None
    days = (today() - timezone.localtime(opportunity.status_since).date()).days
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def derive_opportunity(opportunity: Any, changed: set[str]) -> None:
    """Number a new opportunity, then set derived values."""
    if not opportunity.number:
        opportunity.number = f"OPP-{writes.next_number('opportunities'):05d}"
    rules.derive_opportunity(opportunity, changed)


def name_role(role: Any, changed: set[str]) -> None:
    """Name a business role by the role only, since the person may be hidden from the reader (ACC-5)."""
    role.label = role.role.name[:260] if role.role_id else ""


ACTIONS = (
    Action(
        "copy", _("Copy"), actions.copy_opportunity, permission="add",
        dialog=Dialog(
            ("name", "project", "account", "assignee", "value", "expected_close_date"), initial=actions.copy_preset,
            save_label=_("Save"),
        ),
        button=Button("copy", place="more", done=_("The opportunity was copied.")),
    ),
    Action(
        "move", _("Move"), actions.move_opportunity, state=rules.why_locked,
        dialog=Dialog(
            (
                model_field(Opportunity, "project").but(required=False), "assignee", "partner", "campaign",
                model_field(Opportunity, "forecast_category").but(required=False, default=None), "expected_close_date",
                Field("with_tasks", _("Move related tasks too"), FIELD_TYPES["boolean"], default=True),
            ),
        ),
        button=Button("folder-symlink", place="more", page="opportunity-move"),
    ),
    Action(
        "delete", _("Delete"), actions.delete_opportunity, state=rules.why_locked,
        button=Button(
            "trash", place="more", tone="danger",
            confirm=_(
                "Are you sure that you want to delete the selected opportunity? You will not be able to restore it."
            ),
        ),
    ),
    Action(
        "add-task", _("Add related tasks"), actions.add_task,
        dialog=Dialog(pick="tasks", pick_as="task", save_label=_("Assign task")),
        button=Button("checkbox", place="more", done=_("The task was added.")),
    ),
    Action(
        "add-account", _("Add related account"), actions.add_account,
        dialog=Dialog(pick="accounts", pick_as="account", save_label=_("Assign account")),
        button=Button("building", place="more", done=_("The account was added.")),
    ),
    Action(
        "add-business-role", _("Add business role"), actions.add_business_role,
        dialog=Dialog(("contact", "role", "description"), BusinessRole),
        button=Button("user-star", place="more", done=_("The business role was added.")),
    ),
    Action(
        "assign-partner", _("Assign to partner"), actions.assign_partner, state=rules.why_locked,
        dialog=Dialog(pick="partners", pick_as="partner"),
        button=Button("affiliate", place="more", done=_("The partner was assigned.")),
    ),
    Action(
        "lost", _("Lost"), actions.lose, state=actions.why_not_lose, reaches=(OpportunityStatus.Kind.LOST,),
        dialog=Dialog(
            (model_field(Opportunity, "loss_reason").but(required=True), "competitor", LOSING),
            initial=actions.lost_preset,
        ),
        button=Button("mood-sad", place="more", done=_("The opportunity is lost.")),
    ),
)  # fmt: skip

PIPELINES = register(
    Entity(
        model=Pipeline, key="pipelines", path="settings/pipelines", title="name", icon="filter",
        phrases=phrases.PIPELINE,
        settings_group="sales",
        sections=(Section(_("Pipeline"), ("name", "projects", "position", "is_default", "is_active"), "pipeline"),),
        listing=Listing(("name", "position", "is_default", "is_active"), "name", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(derive=rules.key_from_name),
        internal=("key", "colour", "translations"), is_lookup=True, update_label=_("Save"),
    )
)  # fmt: skip
STATUSES = register(
    Entity(
        model=OpportunityStatus, key="opportunity-statuses", path="settings/opportunity-statuses", title="name",
        phrases=phrases.OPPORTUNITY_STATUS,
        icon="progress",
        settings_group="sales",
        sections=(
            Section(
                _("Status"),
                ("name", "pipeline", "kind", "probability", "colour", "stale_days", "required_fields", "position",
                 "is_default", "is_active"),
                "status",
            ),
        ),
        listing=Listing(("name", "pipeline", "kind", "probability", "position", "is_active"), "name", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(derive=rules.key_from_name, check=rules.check_status),
        internal=("key", "translations"), is_lookup=True, update_label=_("Save"),
    )
)  # fmt: skip
OPPORTUNITIES = register(
    Entity(
        model=Opportunity, key="opportunities", path="crm/opportunities", title="name", icon="target-arrow",
        subtype="opportunity_type", phrases=phrases.OPPORTUNITY, has_stages=True,
        head=("account", "main_contact", "assignee", "partner", "expected_close_date", "created_at", "tags"),
        sections=(
            Section(
                _("Opportunity"),
                ("name", "number", "status", "status_since", "pipeline", "opportunity_type", "project", "account",
                 "further_accounts", "main_contact"),
                "opportunity",
            ),
            Section(
                _("Value and forecast"),
                ("value", "value_by_hand", "probability", "weighted_value", "expected_close_date",
                "next_action_date", "next_activity", "forecast_category",
                 "key_prospect"),
                "value",
            ),
            Section(_("People"), ("assignee", "further_members", "partner"), "people"),
            Section(_("Origin"), ("campaign", "origin_lead"), "origin"),
            Section(
                _("Need and competition"),
                ("need", "competitor", "loss_reason", "tags", "description", "tasks"),
                "need",
            ),
            Section(_("Sale"), ("is_locked", "sold_at"), "sale"),
        ),
        main_fields=(
            "name", "account", "main_contact", "value", "expected_close_date", "project", "status", "assignee",
        ),
        listing=Listing(
            ("name", "account", "status", "value", "expected_close_date", "assignee", "next_action_date", "attention"),
            "-updated_at", ("name", "number"), "status",
            ("account", "value", "expected_close_date", "assignee", "next_activity.start"),
            period="expected_close_date", weighted="weighted_value", dates=("expected_close_date",), age="status_since",
        ),
        scope=Scope(
            project="project_id", partner=("partner_id",), owners=("created_by", "assignee", "further_members"),
        ),
        rules=Rules(
            derive=derive_opportunity, guard=rules.guard_opportunity, initial=preset, check=rules.check_opportunity,
            currency_from=("account",), settled=Q(sold_at__isnull=False),
        ),
        actions=ACTIONS,
        figures=(
            Figure("value", _("Value"), lambda record, user: VALUE.get(record), ("value",)),
            Figure("probability", _("Probability"),
                   lambda record, user: None if record.probability is None else f"{record.probability:.0f} %",
                   ("probability",)),
            Figure("weighted", _("Weighted value"), lambda record, user: WEIGHTED.get(record),
                   ("weighted_value",)),
            Figure("time_in_status", _("Time in status"), time_in_status, ("status",)),
        ),
        tabs=(
            Tab(
                "roles", _("Business roles"), list=("business-roles", "opportunity:is({id})"), new=("business-roles",)
            ),
        ),
        marks=MARKS,
        tells_of={
            "weighted_value": ("value", "probability"),
            "attention": ("status", "expected_close_date", "next_action_date", "next_activity"),
        },
        internal=("quoted_value", "quoted_currency", "probability_by_hand"),
        update_label=_("Save"),
        has_overview=True, has_board=True, has_comments=True, has_files=True, is_importable=True,
    )
)  # fmt: skip
ROLES = register(
    Entity(
        model=BusinessRole, key="business-roles", path="crm/business-roles", title="label", icon="user-star",
        phrases=phrases.BUSINESS_ROLE,
        sections=(Section(_("Business role"), ("opportunity", "contact", "role", "description"), "role"),),
        listing=Listing(("contact", "role", "description", "opportunity"), "-updated_at"),
        scope=Scope(parent="opportunity", owners=()),
        rules=Rules(derive=name_role),
        internal=("label",), update_label=_("Save"),
    )
)  # fmt: skip


def opportunity_action(parent: str, place: str) -> Action:
    """Return the action that creates an opportunity on a record. `parent` is the opportunity's column for it."""
    return Action(
        "new-opportunity", _("New opportunity"), api=False,
        button=Button("target-arrow", place=place, begins="opportunities", begins_as=parent),
    )  # fmt: skip


for key, parent, place in (
    ("accounts", "account", "primary"), ("partners", "partner", "add"), ("campaigns", "campaign", "add"),
):  # fmt: skip
    tab = Tab(
        "opportunities", _("Opportunities"), list=("opportunities", f"{parent}:is({{id}})"), new=("opportunities",)
    )
    extend(key, opportunity_action(parent, place), tab)

declare_policy(Policy.DERIVED, "opportunities.opportunity.next_activity")
declare_policy(
    Policy.STAYS, "opportunities.attentionnotice.opportunity", "opportunities.attentionnotice.user"
)  # fmt: skip
audit.watch(Pipeline, audit.Kind.SETTINGS, "name")
audit.watch(OpportunityStatus, audit.Kind.SETTINGS, "name")
