"""Splitter filters as a record type."""

from functools import partial

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kanal.core import audit, query, registry
from kanal.core.access import from_partners
from kanal.core.action import Action, Button
from kanal.core.actor import Actor
from kanal.core.entity import Entity, Listing, Rules, Scope, Section, Tab
from kanal.core.references.columns import declare_filter, declare_json
from kanal.core.registry import register
from kanal.core.transitions import why_not_given
from kanal.entities.splitter import actions, conditions, jobs, phrases, reading, rules
from kanal.entities.splitter.models import SplitterFilter


def derive_splitter_filter(row: SplitterFilter, changed: set[str]) -> None:
    """Normalize shares and conditions, if they can be parsed."""
    try:
        row.conditions = query.to_json(conditions.parse_conditions(row.conditions)) if row.conditions else {}
        row.shares = rules.serialize_shares(rules.read_shares(row.shares or []))
    except ValueError:
        return


def check_splitter_filter(row: SplitterFilter, errors: dict[str, list]) -> None:
    """Add errors for conditions invalid for leads, invalid shares, and a filter without effect."""
    if row.sets_status and (reason := why_not_given(registry.get("leads"), row.sets_status.key)):
        errors["sets_status"] = [reason]
    try:
        conditions.compiled(conditions.parse_conditions(row.conditions))
    except (ValueError, TypeError, AttributeError) as problem:
        errors["conditions"] = [str(problem)]
    try:
        shares = rules.read_shares(row.shares)
    except ValueError as problem:
        errors["shares"] = [str(problem)]
        return
    for kind, key in (("user", "users"), ("partner", "partners")):
        ids = {share.id for share in shares if share.kind == kind}
        known = registry.get(key).model.objects.filter(pk__in=ids).count() if ids else 0
        if known < len(ids):
            errors["shares"] = [_now("There is no such user or partner.")]
    if not shares and not actions.settings_of(row) and not row.prefers_owner:
        errors["shares"] = [_now("Enter at least one share, or something that the filter sets.")]


def after(row: SplitterFilter, changed: set[str], by: Actor) -> None:
    """Update the share rows from the form."""
    actions.sync_shares(row)


FILTERS = register(
    Entity(
        model=SplitterFilter,
        key="splitter-filters",
        path="settings/splitter-filters",
        title="name",
        phrases=phrases.SPLITTER_FILTER,
        icon="arrows-split",
        settings_group="intake",
        sections=(
            Section(_("Filter"), ("name", "is_active", "position", "conditions"), "filter"),
            Section(_("Shares"), ("shares",), "shares"),
            Section(
                _("Other effects"),
                ("sets_priority", "sets_status", "sets_campaign", "sets_project", "prefers_owner", "goes_on"),
                "sets",
            ),
        ),
        listing=Listing(("name", "is_active", "position", "updated_at"), "position", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(derive=derive_splitter_filter, check=check_splitter_filter, after=after),
        actions=(
            Action(
                "execute", _("Execute"), jobs.start_splitter,
                button=Button(
                    "player-play", place="primary", done=_("The filter is running on the unprocessed leads."),
                ),
            ),
            Action(
                "preview", _("Preview"), permission="view", api=False,
                button=Button("eye", page="splitter-preview"),
            ),
        ),
        tabs=(Tab("shares", _("Shares"), "splitter/shares.html", reading.of_filter, tells=()),),
    )
)  # fmt: skip
registry.extend(
    "leads",
    Tab("splitter", _("Splitter"), "splitter/receipts.html", reading.of_lead, hidden_from=from_partners, tells=()),
)

audit.watch(SplitterFilter, audit.Kind.SETTINGS, "name")

declare_filter(SplitterFilter, "conditions", over="leads")
declare_json(SplitterFilter, "shares", "users", partial(rules.replace_holder, "user"))
declare_json(SplitterFilter, "shares", "partners", partial(rules.replace_holder, "partner"))
