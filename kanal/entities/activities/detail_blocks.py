"""Page blocks of activities: the next step offered after one is done."""

from kanal.core.entity import Block
from kanal.core.registry import extend
from kanal.entities.activities.pages import offer

extend("activities", Block("next-step", "activities/offer.html", offer, tells=()))
