"""Additions of qualification to leads: the action and a tab."""

from django.utils.translation import gettext_lazy as _

from kanal.core.action import Action, Button
from kanal.core.entity import Tab
from kanal.core.registry import extend
from kanal.entities.leads.models import Stage
from kanal.entities.leads.rules import why_not_open
from kanal.entities.qualification.actions import qualify

extend(
    "leads",
    Action(
        "qualify", _("Qualify"), qualify, state=why_not_open, reaches=(Stage.QUALIFIED,),
        button=Button("thumb-up", place="primary", page="lead-qualify"),
    ),
    Tab(
        "opportunities", _("Opportunities"), list=("opportunities", "origin_lead:is({id})"), verbs=("qualify",),
        about=_("An opportunity is created when the lead is qualified."),
    ),
)  # fmt: skip
