"""An interpreted post: the values of a lead, unreadable ones, and unmapped ones (INTAKE-1, 2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import currencies, registry, settings
from kanal.core.fields import Field, fields_of
from kanal.entities.intake import rules
from kanal.entities.intake.models import IntakeSource
from kanal.entities.intake.values import Context, read_values, shown
from kanal.kit.reading.encodings import REPLACEMENT


@dataclass
class Understood:
    """The result of a post. `origins` is the incoming name of each value.

    `remarks` are internal, such as a deactivated assignee: they're in the steps, but not in the note on the lead.
    """

    values: dict[str, Any]
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    remarks: list[tuple[str, str, str]] = field(default_factory=list)

    def why_aside(self) -> str:
        """Return why no lead can be created, or ""."""
        if any(isinstance(value, str) and REPLACEMENT in value for value in self.values.values()):
            return _(
                "Some letters were lost before this arrived (�): correct them, and check the encoding of the sender."
            )
        if not rules.is_reachable(self.values) and not rules.is_known_otherwise(self.values, self.origins):
            why = " ".join(f"{label}: “{raw}”." for label, raw, _why in self.notes)
            message = _("It has no contact details: no e-mail address, phone number or company.")
            return f"{message} {why}".strip()
        return ""

    def facts(self) -> dict[str, Any]:
        """Return the facts for its step."""
        notes = [f"{label}: “{raw}”. {why}".strip() for label, raw, why in [*self.notes, *self.remarks]]
        return {"notes": notes, "answers": [list(answer) for answer in self.answers]}

    def note(self) -> str:
        """Return the note on the lead as HTML, or "" if everything was mapped."""
        left = [f"<li>{escape(label)}: {escape(raw)} <em>{escape(why)}</em></li>" for label, raw, why in self.notes]
        more = [f"<li>{escape(label)}: {escape(raw)}</li>" for label, raw in self.answers]
        parts = [(_("As it came:"), left), (_("Other answers:"), more)]
        return "".join(f"<p>{escape(title)}</p><ul>{''.join(lines)}</ul>" for title, lines in parts if lines)


def understand(source: IntakeSource, data: Mapping[str, Any]) -> Understood:
    """Interpret a post by the mapping of its source."""
    return understand_by(source.field_mapping or {}, source.consent_text, data)


def understand_by(mapping: Mapping[str, Any], consent_text: str, data: Mapping[str, Any]) -> Understood:
    """Interpret a post by a mapping."""
    fields = open_fields()
    mapped = rules.map_post(mapping, data)
    context = Context(
        country=settings.value("company.country") or "",
        currency=str(mapping.get("fixed", {}).get("currency") or currencies.main()),
        decimal_sign=mapping.get("decimal_sign") or None,
        consent_text=consent_text,
    )
    read = read_values(mapped.values, fields, context)
    unknown = [key for key in read.values if key not in fields]
    answers = [(name, shown(value)) for name, value in mapped.answers]
    answers += [(key, shown(read.values.pop(key))) for key in unknown]
    return Understood(read.values, [*mapped.notes, *read.notes], answers, mapped.origins)


def open_fields() -> dict[str, Field]:
    """Return the fields of a lead that a post can set."""
    return {key: lead_field for key, lead_field in fields_of(registry.get("leads")).items() if not lead_field.read_only}
