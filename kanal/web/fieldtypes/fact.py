"""One field of a record as its page shows it."""

import dataclasses
from dataclasses import dataclass

from markupsafe import Markup, escape

from kanal.core.fields import Field
from kanal.web.fieldtypes.presenter import presenter_of
from kanal.web.markup import NOTHING, linked, spanned


@dataclass(frozen=True)
class Link:
    """A record that a value points at; without an address where the reader may not open it, nor name it."""

    label: str
    url: str = ""
    is_named: bool = True

    @property
    def html(self) -> Markup:
        """Mark the record's name up."""
        if self.url:
            return linked(self.url, self.label)
        return escape(self.label) if self.is_named else spanned("none", self.label)


@dataclass
class Fact:
    """One field of a record as its page shows it: text, links to records, or a coloured option."""

    field: Field
    text: str = ""
    href: str = ""
    colour: str = ""
    links: list[Link] = dataclasses.field(default_factory=list)

    @property
    def label(self) -> str:
        """Return the label as people read it."""
        return str(self.field.label)

    @property
    def is_wide(self) -> bool:
        """Return whether the value takes the whole width."""
        return presenter_of(self.field).is_bulky and len(self.text) > 60

    @property
    def is_number(self) -> bool:
        """Return whether the value is one to compare."""
        return presenter_of(self.field).is_number

    @property
    def html(self) -> Markup | str:
        """Mark the value up; in Python, since a page shows dozens of them. A text that is not marked up is not safe."""
        if self.links:
            return Markup(", ").join(link.html for link in self.links)
        return presenter_of(self.field).html(self) if self.text else NOTHING
