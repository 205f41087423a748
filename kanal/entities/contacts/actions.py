"""Actions to create personal contacts on accounts and partners, and actions on contacts."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kanal.core import registry, writes
from kanal.core.action import Action, Button, Dialog
from kanal.core.actor import Actor
from kanal.core.fields import fields_of
from kanal.core.models import Change
from kanal.core.privacy import Forgotten, forget_person
from kanal.entities.contacts.models import Contact
from kanal.entities.contacts.rules import is_personal


def add_to_project(contact: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Add a person to a project, which makes them visible to the members (ACC-3a)."""
    projects = [*contact.projects.values_list("pk", flat=True), values["project"]]
    writes.change(contact, {"projects": projects}, by=by.within_action("add-to-project"))


@transaction.atomic
def anonymize(contact: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Permanently remove all personal data from the record, its channels and anywhere else."""
    personal = [field.key for field in fields_of(registry.get("contacts")).values() if is_personal(field)]
    current = Contact.objects.select_for_update(of=("self",)).get(pk=contact.pk)
    forget_person(current, personal, by=by.within_action("anonymize"), last_name=gettext("Anonymized"))


def forget_channels(*, person: Forgotten, record: Any, by: Actor) -> None:
    """Remove the channels of a person who is anonymized, with the history of current and earlier ones."""
    if person.entity.key == "contacts":
        for channel in record.channels.all():
            writes.delete(channel, by=by)
        condition = Q(old__contact_id=record.pk) | Q(new__contact_id=record.pk)
        known = Change.objects.filter(condition, entity="channels").values_list("record_id", flat=True).distinct()
        with connection.cursor() as cursor:
            for pk in list(known):
                cursor.execute("SELECT kanal_redact('channels', %s, %s)", [pk, ["value"]])


NEW_EMPLOYEE = Action(
    "new-employee",
    _("New employee"),
    api=False,
    button=Button("user-plus", place="add", begins="contacts", begins_as="account"),
)
NEW_CONSULTANT = Action(
    "new-consultant",
    _("New consultant"),
    api=False,
    button=Button("user-plus", place="add", begins="contacts", begins_as="partner"),
)
ADD_TO_PROJECT = Action(
    "add-to-project", _("Add to project"), add_to_project,
    dialog=Dialog(pick="projects", pick_as="project"),
    button=Button("folder-plus", place="more", done=_("The contact was added to the project.")),
)  # fmt: skip
ANONYMIZE = Action(
    "anonymize", _("Anonymize"), anonymize,
    hidden=lambda contact: contact.anonymized_at and _("The personal information has already been deleted."),
    button=Button(
        "user-off", place="more", tone="danger",
        confirm=_("Are you sure that you want to delete the contact's personal information?"),
        done=_("The personal data was deleted."),
    ),
)  # fmt: skip
