"""Settings of leads: the touch (LEAD-2), the default project, the free pool."""

from django.utils.translation import gettext_lazy as _

from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.settings import declare
from kanal.entities.leads.models import LeadStatus

declare(
    "b2b",
    Field(
        "b2b.new_touch_status", _("New touch status"), FIELD_TYPES["choice"], table=LeadStatus, default="touched",
        help=_("The status that a new lead gets at its first activity or outgoing mail."),
    ),
    Field(
        "b2b.default_campaign_project", _("Default campaign project"), FIELD_TYPES["relation"], target="projects",
        help=_("The project of new leads and campaigns without one."),
    ),
    Field(
        "leads.pool_hours", _("Free pool hours"), FIELD_TYPES["integer"], default=0, minimum=0, maximum=8760,
        help=_("An assigned lead returns to the free pool after this many hours without a touch; 0 means never."),
    ),
)  # fmt: skip
