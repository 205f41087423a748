"""Verbs that make personal contacts on accounts and partners, and those on contacts themselves."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kanal.core import audit, events, registry, writes
from kanal.core.actor import Actor
from kanal.core.entity import Action
from kanal.core.fields import fields_of
from kanal.entities.contacts.rules import is_personal


def add_to_project(contact: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Add a person to a project, whose members see them from then on (ACC-3a)."""
    projects = [*contact.projects.values_list("pk", flat=True), values["project"]]
    writes.change(contact, {"projects": projects}, by=by.doing("add-to-project"))


@transaction.atomic
def anonymize(contact: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Remove all that tells who somebody is, in the record, its channels, its history and what listens; for good."""
    by = by.doing("anonymize")
    personal = [field for field in fields_of(registry.get("contacts")).values() if is_personal(field)]
    events.now("contacts.anonymize", contact=contact, by=by)
    for channel in contact.channels.all():
        writes.delete(channel, by=by)
        redact("channels", channel.pk, ["value"])
    cleared = {field.column: field.kind.nothing(field) for field in personal if not field.is_custom}
    cleared["last_name"] = gettext("Anonymized")
    gone = {field.name for field in personal if field.is_custom}
    custom = {key: value for key, value in contact.custom.items() if key not in gone}
    writes.touch(contact, by=by, **cleared, custom=custom, anonymized_at=timezone.now())
    audit.note(audit.Kind.ANONYMIZED, by.user, f"#{contact.pk}", entity="contacts", record_id=contact.pk)
    redact("contacts", contact.pk, [*(field.key for field in personal), "name", "custom"])


def redact(entity_key: str, pk: int, keys: list[str]) -> None:
    """Take values out of the history of a record, by the one function that may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kanal_redact(%s, %s, %s)", [entity_key, pk, keys])


NEW_EMPLOYEE = Action(
    "new-employee", _("New employee"), begins="contacts", begins_as="account", icon="user-plus", api=False
)
NEW_CONSULTANT = Action(
    "new-consultant", _("New consultant"), begins="contacts", begins_as="partner", icon="user-plus", api=False
)
ADD_TO_PROJECT = Action(
    "add-to-project", _("Add to project"), add_to_project, pick="projects", pick_as="project", place="more",
    icon="folder-plus", done=_("The contact was added to the project."),
)  # fmt: skip
ANONYMIZE = Action(
    "anonymize", _("Anonymize"), anonymize, place="more", tone="danger", icon="user-off",
    confirm=_("Are you sure that you want to delete the contact's personal information?"),
    hidden=lambda contact: contact.anonymized_at is not None, done=_("The personal information was deleted."),
)  # fmt: skip
