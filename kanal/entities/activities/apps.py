"""Registers the room and what it hears of accounts."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """Activities."""

    name = "kanal.entities.activities"

    def ready(self) -> None:
        """Declare the record type, and listen to accounts."""
        from django.utils.translation import gettext_lazy as _

        from kanal.core import events
        from kanal.core.entity import Block
        from kanal.core.registry import extend
        from kanal.entities.activities import entity, pages, timeline
        from kanal.entities.activities.privacy import follow_account
        from kanal.web import navigation

        timeline.connect()
        extend("activities", Block("next-step", "activities/offer.html", pages.offer, tells=()))
        for key in entity.ON:
            extend(key, Block("next-step", "activities/offer.html", pages.offer_on, tells=()))
        call = navigation.Place(navigation.ADD, _("Log a call"), "log-call", "phone", "activities", "add", "c")
        navigation.add(call)
        events.on("record.saved", follow_account)
