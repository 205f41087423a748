"""A form field for its template."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from kanal.core import currencies
from kanal.core.fields import Field
from kanal.kit.reading.ids import id_of
from kanal.web import jinja
from kanal.web.fieldtypes.presenter import Presenter, presenter_of


@dataclass
class Entry:
    """A form field: the text in its control, its options and its errors.

    `applies` is JSON with the values of other form fields under which this one is shown, by key (CF-2).
    """

    field: Field
    text: str = ""
    texts: list[str] = dataclasses.field(default_factory=list)
    currency: str = ""
    options: list[tuple[str, Any]] = dataclasses.field(default_factory=list)
    items: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    errors: list[str] = dataclasses.field(default_factory=list)
    note: str = ""
    is_marked: bool = False
    prefix: str = "f-"
    moment: dt.datetime | None = None
    applies: str = ""

    @property
    def presenter(self) -> Presenter:
        """Return the presenter of the field."""
        return presenter_of(self.field)

    @property
    def name(self) -> str:
        """Return the control's name."""
        return self.field.key

    @property
    def id(self) -> str:
        """Return the control's id."""
        return self.prefix + self.field.key.replace(".", "-").replace("_", "-")

    @property
    def html(self) -> Markup:
        """Render the field with its label, errors and help. Jinja2 does, as a form has dozens of fields."""
        return jinja.render("field.jinja", entry=self)

    @property
    def control(self) -> Markup:
        """Render the control alone."""
        return jinja.render(f"controls/{self.presenter.control}.jinja", entry=self)

    @property
    def label(self) -> str:
        """Return the translated label."""
        return str(self.field.label)

    @property
    def has_notes(self) -> bool:
        """Return whether errors, a note or help are shown below the control."""
        return bool(self.errors or self.note or self.field.help)

    @property
    def attributes(self) -> Markup:
        """Return the attributes of every control: id, name, and references to errors and help for screen readers."""
        own_id = escape(self.id)
        parts = [f'id="{own_id}" name="{escape(self.name)}"']
        if self.field.required and self.presenter.control != "checkbox":  # it may remain unchecked
            parts.append("required")
        if self.errors:
            parts.append('aria-invalid="true"')
        if self.has_notes:
            parts.append(f'aria-describedby="{own_id}-note"')
        return Markup(" ".join(parts))  # noqa: S704 - escaped

    @property
    def url(self) -> str:
        """Return the URL of the picker's search."""
        return f"/pick/{self.field.target}"

    @property
    def currencies(self) -> list[str]:
        """List the available currencies."""
        return list(dict.fromkeys([*currencies.in_use(), self.currency]))

    @property
    def picked(self) -> list[str]:
        """Return the ids of the records chosen in a picker, as strings."""
        return [text for text in (self.text, *self.texts) if id_of(text)]

    def offer_options(self) -> None:
        """Set the available options: active ones and those already chosen."""
        chosen = {self.text, *self.texts}
        self.options = [
            (option.key, option.label)
            for option in self.field.options()
            if option.key in chosen or (option.active and option.key not in self.field.not_offered)
        ]
