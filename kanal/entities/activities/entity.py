"""Activities as a record type, and the tab and action they add to their parent records."""

from django.utils.translation import gettext_lazy as _

from kanal.core.entity import Entity, Listing, Rules, Scope, Section, Tab
from kanal.core.registry import extend, register
from kanal.entities.activities import actions, phrases, rules
from kanal.entities.activities.models import Activity

ON = {
    "leads": "lead",
    "opportunities": "opportunity",
    "accounts": "account",
    "contacts": "contact",
    "partners": "partner",
}

ACTIVITIES = register(
    Entity(
        model=Activity,
        key="activities",
        path="crm/activities",
        title="subject",
        subtype="category",
        phrases=phrases.ACTIVITY,
        icon="calendar-event",
        head=("category", *ON.values(), "assignee", "start"),
        sections=(
            Section(
                _("Activity"),
                ("category", "subject", "start", "end", "all_day", "place", "text"),
                "activity",
            ),
            Section(_("People"), ("assignee", "participants", "contacts"), "people"),
            Section(_("Outcome"), ("done", "done_at", "outcome", "next_step"), "outcome"),
            Section(_("Belongs to"), (*ON.values(), "project"), "parents"),
        ),
        main_fields=("category", "subject", "start", "end", "assignee", "outcome", "text", "done", "next_step"),
        listing=Listing(
            ("subject", "category", "start", "done", "assignee", "account", "lead", "opportunity"),
            "-start",
            ("subject",),
            period="start",
            dates=("start", "end"),
        ),
        scope=Scope(
            project="project_id",
            partner=("partner_id", "account__partner_id", "lead__partner_id", "opportunity__partner_id"),
            private="private_to_id",
            private_from="account",
            private_unless=("lead", "opportunity"),
            inherits=tuple(ON.values()),
            owners=("created_by", "assignee", "participants"),
        ),
        rules=Rules(derive=rules.derive_activity, initial=rules.activity_defaults, check=rules.check_activity),
        actions=(actions.MARK_DONE,),
        internal=("private_to",),
        has_overview=True,
        has_comments=True,
        has_files=True,
        is_importable=True,
        update_label=_("Save"),
    )
)
for key, parent in ON.items():
    extend(
        key,
        actions.add_activity(parent),
        Tab("activities", _("Sales activities"), list=("activities", f"{parent}:is({{id}})"), new=("activities",)),
    )
