"""Leads as a record type."""

from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.core import audit, settings
from kanal.core.access.condition import NOTHING, AccessCondition, compare
from kanal.core.access.permissions import EVERYWHERE, UserPermissions
from kanal.core.action import Action, Button, Dialog
from kanal.core.actor import Actor, ChangeSource
from kanal.core.entity import Entity, Figure, Listing, Rules, Scope, Section, Tab
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.fields.from_model import model_field
from kanal.core.references.columns import Policy, declare_policy
from kanal.core.registry import extend, register
from kanal.entities.leads import actions, phrases, rules
from kanal.entities.leads.figures import response_time
from kanal.entities.leads.models import OPEN, Disqualifying, Lead, LeadStatus, Stage, Working
from kanal.entities.projects.choosing import project_for

VALUE = model_field(Lead, "value")
DISQUALIFIED = Field("status", _("Status"), FIELD_TYPES["choice"], table=Disqualifying, required=True)
REOPENED = Field(
    "status", _("Status"), FIELD_TYPES["choice"], table=Working,
    help=_("The status to continue in; leave empty for the default."),
)  # fmt: skip


def pool(grants: UserPermissions) -> AccessCondition:
    """Return access to the free pool for users who may take from it, and briefly to leads taken by others (LEAD-4)."""
    if grants.is_external or not grants.allows("leads", "take"):
        return NOTHING
    free = Q(stage__in=OPEN, is_archived=False, assignee=None, partner=None, awaits_split=False)
    condition = AccessCondition(free | Q(pool_left_at__gt=Now() - actions.TOLD_FOR))
    projects = grants.projects_for("leads", "take")
    if projects is EVERYWHERE:
        return condition
    return condition & compare("project_id", *sorted(projects or ()), lookup="in")


def no_longer_offered(lead: Lead) -> Any:
    """Return why “Take” is hidden: the lead left the pool a while ago. Before that, it shows who took the lead."""
    recently = lead.pool_left_at is not None and lead.pool_left_at > timezone.now() - actions.TOLD_FOR
    return None if lead.is_in_pool or recently else rules.why_not_taken(lead)


def lead_defaults(by: Actor) -> dict[str, Any]:
    """Return the default project of a new lead, and as its assignee the user who enters it."""
    preset: dict[str, Any] = {}
    if project := settings.value("b2b.default_campaign_project"):
        preset["project"] = project
    if by.user is not None and by.means == ChangeSource.FORM and not by.user.is_external:
        preset["assignee"] = by.user_id
    if by.user is not None and by.user.is_external:
        preset |= {"channel": "partner", "project": project_for(by.user, "leads") or preset.get("project")}
    return preset


LEADS = register(
    Entity(
        model=Lead,
        key="leads",
        path="crm/leads",
        title="name",
        phrases=phrases.LEAD,
        icon="magnet",
        head=(
            ("contact", "first_name+last_name"),
            ("account", "company"),
            "phone", "email", "assignee", "partner", "received_at",
        ),
        has_stages=True,
        sections=(
            Section(
                _("Lead"),
                ("subject", "status", "priority", "colour", "assignee", "partner", "project", "value", "description"),
                "lead",
            ),
            Section(
                _("Person"),
                ("first_name", "last_name", "job_title", "company", "email", "phone", "website"),
                "person",
            ),
            Section(_("Address"), ("street", "city", "postcode", "region", "country"), "address"),
            Section(
                _("Company"), ("account", "contact", "industry", "registration_number", "vat_number"), "company"
            ),
            Section(
                _("Origin"),
                (
                    "source", "channel", "campaign", "utm_source", "utm_medium", "utm_campaign", "utm_term",
                    "utm_content", "consent_at", "consent",
                ),
                "origin",
            ),
            Section(
                _("Progress"),
                (
                    "stage", "next_activity", "received_at", "assigned_at", "touched_at", "qualified_at", "split_at",
                    "awaits_split", "disqualification_reason", "is_archived",
                ),
                "progress",
            ),
        ),
        main_fields=("subject", "first_name", "last_name", "company", "email", "phone", "source", "value", "assignee"),
        listing=Listing(
            ("name", "company", "status", "assignee", "partner", "campaign", "value", "updated_at"),
            search=("name", "company", "email", "phone"),
            status="status",
            card=("company", "value", "priority", "assignee", "next_activity.start"),
            default_filter="is_archived:is(no)",
            period="received_at",
            dates=("received_at",),
            age="received_at",
        ),
        scope=Scope(project="project_id", partner=("partner_id",), also=(pool,), also_for=("view", "take")),
        rules=Rules(derive=rules.derive_lead, check=rules.check_lead, initial=lead_defaults),
        actions=(
            Action(
                "take", _("Take"), actions.take_lead, state=rules.why_not_taken, hidden=no_longer_offered,
                button=Button("hand-grab", place="primary", done=_("The lead is yours.")),
            ),
            Action(
                "disqualify", _("Disqualify"), actions.disqualify, state=rules.why_not_open,
                hidden=lambda lead: lead.stage == Stage.DISQUALIFIED and _("The lead is already disqualified."),
                reaches=(Stage.DISQUALIFIED,),
                dialog=Dialog((DISQUALIFIED, "disqualification_reason")),
                button=Button("thumb-down", tone="danger"),
            ),
            Action(
                "reopen", _("Reopen"), actions.reopen,
                hidden=lambda lead: lead.stage in OPEN and _("The lead is open."),
                leaves=(Stage.QUALIFIED, Stage.DISQUALIFIED),
                dialog=Dialog((REOPENED,)),
                button=Button("arrow-back-up"),
            ),
            Action(
                "add-account", _("Add account"), actions.add_account,
                dialog=Dialog(pick="accounts", pick_as="account"),
                button=Button("building", place="add"),
            ),
            Action(
                "add-partner", _("Add partner"), actions.add_partner,
                dialog=Dialog(pick="partners", pick_as="partner"),
                button=Button("affiliate", place="add"),
            ),
            Action(
                "return-to-pool", _("Return to the pool"), actions.return_to_pool, state=rules.why_not_open,
                hidden=lambda lead: not (lead.assignee_id or lead.partner_id) and _("The lead is already in the pool."),
                button=Button("arrow-back"),
            ),
            Action(
                "archive", _("Archive"), actions.archive,
                hidden=lambda lead: lead.is_archived and _("The lead is already archived."),
                button=Button("archive"),
            ),
            Action(
                "unarchive", _("Unarchive"), actions.unarchive, permission="archive",
                hidden=lambda lead: not lead.is_archived and _("The lead is not archived."),
                button=Button("archive-off"),
            ),
            Action("copy", _("Copy"), actions.copy_lead, permission="add", button=Button("copy", place="more")),
            Action(
                "anonymize", _("Anonymize"), actions.anonymize,
                hidden=lambda lead: lead.anonymized_at and _("The personal information has already been deleted."),
                button=Button(
                    "user-off", place="more", tone="danger",
                    confirm=_("Are you sure that you want to delete the contact's personal information?"),
                ),
            ),
        ),
        figures=(
            Figure("value", _("Estimated value"), lambda lead, user: VALUE.get(lead), ("value",)),
            Figure("response_time", _("Response time"), response_time, ("received_at", "touched_at")),
        ),
        internal=("name", "pool_left_at", "anonymized_at", "value_main", "currency"),
        has_overview=True, has_board=True, has_comments=True, has_files=True, is_importable=True,
    )
)  # fmt: skip

declare_policy(Policy.DERIVED, "leads.lead.next_activity")
OF_PARTNER = Action(
    "new-lead", _("New lead"), api=False, button=Button("user-plus", place="add", begins="leads", begins_as="partner")
)
extend("partners", OF_PARTNER, Tab("leads", _("Leads"), list=("leads", "partner:is({id})"), new=("leads",)))
extend("accounts", Tab("leads", _("Leads"), list=("leads", "account:is({id})"), new=("leads",)))
extend(
    "campaigns",
    Tab(
        "open-leads",
        _("Open leads"),
        list=("leads", "campaign:is({id});stage:any(new,touched)"),
        new=("leads",),
        none=_("No open leads yet"),
    ),
    Tab(
        "lost-leads",
        _("Disqualified leads"),
        list=("leads", "campaign:is({id});stage:is(disqualified)"),
        none=_("No disqualified leads yet"),
        about=_("Leads of this campaign that were disqualified."),
    ),
)

audit.watch(LeadStatus, audit.Kind.SETTINGS, "name")
