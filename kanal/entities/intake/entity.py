"""Intake sources and received leads as record types."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kanal.core import audit, registry
from kanal.core.access import from_partners
from kanal.core.action import Action, Button
from kanal.core.entity import Entity, Listing, Rules, Scope, Section, Tab
from kanal.core.fields import CleanContext, fields_of
from kanal.core.registry import register
from kanal.core.transitions import why_not_given
from kanal.entities.intake import actions, checking, phrases, reading
from kanal.entities.intake.models import Intake, IntakeSource


def check_intake_source(source: IntakeSource, errors: dict[str, list]) -> None:
    """Validate the mapping, the fixed values and the allowed web origins."""
    leads = registry.get("leads")
    fields = {key: field for key, field in fields_of(leads).items() if not field.read_only}
    if source.default_status and (reason := why_not_given(leads, source.default_status.key)):
        errors["default_status"] = [reason]
    try:
        checking.check_mapping(source.field_mapping or {}, fields)
        for key, value in (source.field_mapping or {}).get("fixed", {}).items():
            if key in fields:
                fields[key].clean(value, CleanContext())
            if key == "status" and (reason := why_not_given(leads, str(value))):
                raise ValueError(reason)
    except ValueError as problem:
        errors["field_mapping"] = [str(problem)]
    if wrong := [
        origin for origin in source.allowed_web_origins.split() if not origin.startswith(("http://", "https://"))
    ]:
        errors["allowed_web_origins"] = [_now("“%(text)s” is not a web origin.") % {"text": wrong[0][:80]}]


SOURCES = register(
    Entity(
        model=IntakeSource,
        key="intake-sources",
        path="settings/intake-sources",
        title="name",
        phrases=phrases.INTAKE_SOURCE,
        icon="webhook",
        settings_group="intake",
        sections=(
            Section(_("Source"), ("name", "is_active", "key", "hmac_secret", "allowed_web_origins"), "source"),
            Section(_("Leads"), ("default_project", "default_campaign", "default_status", "default_assignee",
                                 "consent_text", "field_mapping"), "leads"),
        ),
        listing=Listing(("name", "is_active", "default_project", "default_campaign", "updated_at"), "name", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(check=check_intake_source),
        actions=(
            Action(
                "mapping", _("Mapping"), permission="edit", api=False,
                button=Button("arrows-exchange", place="primary", page="intake-mapping"),
            ),
            Action(
                "renew-key", _("Generate a new key"), actions.renew_key, permission="edit",
                button=Button(
                    "key", place="more", confirm=_("Are you sure? The old address stops working immediately."),
                ),
            ),
        ),
        tabs=(
            Tab(
                "received", _("Received leads"), list=("intakes", "source:is({id})"),
                about=_("Posts sent to this source."),
            ),
        ),
        is_exportable=False, is_lookup=True,
    )
)  # fmt: skip
INTAKES = register(
    Entity(
        model=Intake,
        key="intakes",
        path="settings/intake",
        title="name",
        phrases=phrases.INTAKE,
        icon="inbox",
        settings_group="intake",
        sections=(
            Section(_("Received lead"), ("source", "state", "reason", "lead", "position", "data"), "intake"),
        ),
        listing=Listing(
            ("name", "source", "state", "reason", "lead", "updated_at"), search=("name",),
            default_filter="state:is(attention)",
        ),
        scope=Scope(owners=()),
        actions=(
            Action(
                "replay", _("Replay"), actions.replay, permission="edit",
                hidden=lambda row: row.state != Intake.State.ATTENTION and _("This lead does not need attention."),
                button=Button("reload", place="primary", done=_("It was processed again.")),
            ),
        ),
        internal=("name", "post", "steps", "flags"),
        has_history=False, is_creatable=False, is_exportable=False, is_searchable=False,
    )
)  # fmt: skip
registry.extend(
    "leads",
    Tab(
        "intake",
        _("Intake"),
        "intake/steps.html",
        reading.of_lead,
        hidden_from=from_partners,
        tells=("leads.email", "leads.phone"),
    ),
)

audit.watch(IntakeSource, audit.Kind.SETTINGS, "name", secret=("key", "hmac_secret"))
