"""The person of a lead, among open leads and those of the same batch: one person has one open lead (INTAKE-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kanal.core import registry
from kanal.core.fields import CleanContext, fields_of
from kanal.entities.intake import rules
from kanal.entities.intake.matching import PERSON_KEYS


class Known:
    """Leads, or persons about to become leads, indexed by identifying values. The oldest comes first."""

    def __init__(self, leads: Sequence[Any] = ()) -> None:
        self.leads: list[Any] = []
        self.places: dict[tuple[str, str], set[int]] = {}
        for lead in leads:
            self.add(lead)

    def add(self, lead: Any) -> None:
        """Add a lead."""
        self.leads.append(lead)
        self.find_by(lead, len(self.leads) - 1)

    def find_by(self, lead: Any, place: int) -> None:
        """Index a lead by its identifying values."""
        for key, value in person_of(lead).items():
            if value and key in PERSON_KEYS:
                self.places.setdefault((key, value), set()).add(place)

    def renew(self, old: Any, new: Any) -> None:
        """Replace a lead by its current version after a touch, so that the next one adds to it."""
        place = self.leads.index(old)
        self.leads[place] = new
        self.find_by(new, place)

    def as_they_stand(self, leads: Sequence[Any]) -> list[Any]:
        """Return leads in their version after the last touch."""
        now = {lead.pk: lead for lead in self.leads}
        return [now[lead.pk] for lead in leads]

    def same_as(self, keys: dict[str, str]) -> Any:
        """Return the first lead of the same person, or None."""
        places = {place for key in PERSON_KEYS for place in self.places.get((key, keys[key]), ())}
        candidates = (self.leads[place] for place in sorted(places))
        return next((lead for lead in candidates if rules.is_same_person(person_of(lead), keys)), None)


def person_of(lead: Any) -> dict[str, str]:
    """Return the identifying values of a lead."""
    return {"email": lead.email, "phone": lead.phone, "last_name": lead.last_name}


@dataclass
class Person:
    """The person of a lead about to be created."""

    email: str = ""
    phone: str = ""
    last_name: str = ""


def person_in(values: dict[str, Any], context: CleanContext) -> Person:
    """Return the person of a lead about to be created, with values as they'll be stored."""
    fields, person = fields_of(registry.get("leads")), Person()
    for key in person_of(person):
        try:
            fields[key].set(person, fields[key].clean(values.get(key), context))
        except ValueError:  # it will be rejected for this, and doesn't match anyone
            continue
    return person
