"""Campaigns as a record type."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.entity import Entity, Figure, Listing, Rules, Scope, Section, Tab
from kanal.core.fields import Field
from kanal.core.fields.from_model import model_field
from kanal.core.registry import register
from kanal.entities.campaigns import actions, phrases, rules
from kanal.entities.campaigns.models import Campaign

MONEY = {key: model_field(Campaign, key) for key in ("planned_budget", "costs", "expected_revenue")}


def amount_of(field: Field, campaign: Any, user: Any) -> Any:
    """Return an amount of a campaign."""
    return field.get(campaign)


CAMPAIGNS = register(
    Entity(
        model=Campaign,
        key="campaigns",
        path="crm/campaigns",
        title="name",
        phrases=phrases.CAMPAIGN,
        icon="speakerphone",
        head=("kind", "project", "owner", "parent", "start", "end"),
        sections=(
            Section(
                _("Campaign"),
                ("name", "status", "project", "owner", "kind", "parent", "start", "end", "is_archived"),
                "campaign",
            ),
            Section(_("Budget"), ("planned_budget", "costs", "expected_revenue"), "money"),
            Section(_("Description"), ("target_audience", "description"), "contents"),
        ),
        main_fields=("name", "status", "project", "kind", "owner", "start", "end", "planned_budget", "description"),
        listing=Listing(
            ("name", "status", "project", "owner", "kind", "start", "end", "costs"),
            "-updated_at",
            ("name",),
            status="status",
            card=("project", "owner", "costs"),
            default_filter="is_archived:is(no)",
            period="start",
            dates=("start", "end"),
        ),
        scope=Scope(project="project_id", owners=("created_by", "owner")),
        rules=Rules(initial=rules.campaign_defaults, check=rules.check_campaign),
        figures=tuple(Figure(key, field.label, partial(amount_of, field), (key,)) for key, field in MONEY.items()),
        actions=(actions.ARCHIVE, actions.UNARCHIVE),
        tabs=(
            Tab(
                "subcampaigns",
                _("Subcampaigns"),
                list=("campaigns", "parent:is({id})"),
                new=("campaigns",),
                none=_("No subcampaigns yet"),
            ),
        ),
        has_overview=True,
        has_board=True,
        has_comments=True,
        has_files=True,
        is_importable=True,
    )
)
