"""Possible accounts and contacts of a lead: linked and exact ones are selected, similar ones offered (LEAD-5)."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.entities.intake import matching
from kanal.entities.intake.reading import REASONS, percent
from kanal.entities.leads.models import Lead
from kanal.kit.errors import Invalid


@dataclass(frozen=True)
class Candidate:
    """A possible match, with reason and score."""

    id: int
    name: str
    reason: Any
    percent: int | None = None


@dataclass
class Candidates:
    """Possible matches of a lead, best first. `chosen` is the certain one, if any.

    `is_open` is set if several have the lead's address or number, so that the user must choose.
    """

    rows: list[Candidate] = field(default_factory=list)
    chosen: int | None = None
    is_open: bool = False

    def certain(self) -> int | None:
        """Return the certain match, or None for a new record. Raise Invalid if the user must choose."""
        if self.is_open:
            named = ", ".join(f"{row.name} ({row.id})" for row in self.rows)
            message = _("Several records have this lead's address or number: %(names)s. Choose one, or a new one.")
            raise Invalid(message % {"names": named})
        return self.chosen


def candidates_of(lead: Lead, user: Any) -> dict[str, Candidates]:
    """Return the possible accounts and contacts of a lead that are visible to the user."""
    keys = matching.match_keys({column.name: getattr(lead, column.attname) for column in lead._meta.concrete_fields})
    match = matching.identify_many([keys])[0]
    return {
        "account": of_type("accounts", lead.account_id, match.account, match, user),
        "contact": of_type("contacts", lead.contact_id, match.contact, match, user),
    }


def of_type(key: str, linked: int | None, exact: int | None, match: matching.Found, user: Any) -> Candidates:
    """Return the matches of one type: the linked, the exact and the suggested ones."""
    part = key.removesuffix("s")
    rows: list[tuple[int, Any, int | None]] = [(linked, _("linked to the lead"), None)] if linked else []
    if exact:
        rows.append((exact, REASONS[match.reasons[part]], percent(match.scores[part])))
    rows += [
        (suggestion["id"], REASONS[suggestion["reason"]], percent(suggestion["score"]))
        for suggestion in match.suggestions
        if suggestion["entity"] == key
    ]
    names = titles(user, key, [pk for pk, _reason, _percent in rows])
    candidates_by_id: dict[int, Candidate] = {}
    for pk, reason, score in rows:
        if pk in names:
            candidates_by_id.setdefault(pk, Candidate(pk, names[pk], reason, score))
    chosen = next((pk for pk in (linked, exact) if pk in candidates_by_id), None)
    is_open = part in match.several and chosen is None and bool(candidates_by_id)
    return Candidates(list(candidates_by_id.values()), chosen, is_open)


def titles(user: Any, key: str, ids: list[int]) -> dict[int, str]:
    """Return the names of records visible to the user. A system job sees all."""
    entity = registry.get(key)
    if user is not None:
        return access.display_names(user, entity, ids)
    return {row.pk: str(row) for row in entity.model._default_manager.filter(pk__in=ids)}
