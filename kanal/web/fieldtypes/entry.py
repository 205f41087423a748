"""One field of a form as its template draws it."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kanal.core import currencies
from kanal.core.fields import Field
from kanal.kit.reading.ids import id_of
from kanal.web.fieldtypes.presenter import Presenter, presenter_of


@dataclass
class Entry:
    """One field of a form: the text in its control, its options, what is wrong with it.

    `applies` is JSON that says what other fields of the form hold where this one is there, by their keys (CF-2).
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
        """Return what shows and reads values of the field."""
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
    def template(self) -> str:
        """Name the template of the control."""
        return f"pages/form/controls/{self.presenter.control}.html"

    @property
    def label(self) -> str:
        """Return the label as people read it."""
        return str(self.field.label)

    @property
    def has_notes(self) -> bool:
        """Return whether errors, a note or help stand below the control."""
        return bool(self.errors or self.note or self.field.help)

    @property
    def attributes(self) -> SafeString:
        """Return what every control carries: id, name, and what tells assistive programs of errors and help."""
        parts = [format_html('id="{}" name="{}"', self.id, self.name)]
        if self.field.required:
            parts.append(mark_safe("required"))
        if self.errors:
            parts.append(mark_safe('aria-invalid="true"'))
        if self.has_notes:
            parts.append(format_html('aria-describedby="{}-note"', self.id))
        return mark_safe(" ".join(parts))

    @property
    def url(self) -> str:
        """Return the address where a picker searches."""
        return f"/pick/{self.field.target}"

    @property
    def currencies(self) -> list[str]:
        """List the currencies to choose from."""
        return list(dict.fromkeys([*currencies.in_use(), self.currency]))

    @property
    def picked(self) -> list[str]:
        """Return the ids of the records that are chosen in a picker, as its control holds them."""
        return [text for text in (self.text, *self.texts) if id_of(text)]

    def offer_options(self) -> None:
        """List the options that can be chosen: active ones, and what is chosen already."""
        chosen = {self.text, *self.texts}
        self.options = [
            (option.key, option.label)
            for option in self.field.options()
            if option.key in chosen or (option.active and option.key not in self.field.not_offered)
        ]
