"""A field on a record's page."""

import dataclasses
from dataclasses import dataclass

from markupsafe import Markup, escape

from kanal.core.fields import Field
from kanal.web.fieldtypes.presenter import presenter_of
from kanal.web.markup import NOTHING, linked, spanned


@dataclass(frozen=True)
class Link:
    """A related record. The URL is empty if the reader may not open it, and the name if they may not see it."""

    label: str
    url: str = ""
    is_named: bool = True

    @property
    def html(self) -> Markup:
        """Render the record's name as a link."""
        if self.url:
            return linked(self.url, self.label)
        return escape(self.label) if self.is_named else spanned("none", self.label)


@dataclass
class Fact:
    """A field on a record's page: text, links to records, a colored option, or several options by `keys`.

    `is_off` marks a "No".
    """

    field: Field
    text: str = ""
    href: str = ""
    colour: str = ""
    links: list[Link] = dataclasses.field(default_factory=list)
    keys: tuple[str, ...] = ()
    is_off: bool = False

    @property
    def is_filled(self) -> bool:
        """Return whether the field has a value. A box that isn't ticked has none."""
        return bool(self.links) or (bool(self.text) and not self.is_off)

    @property
    def label(self) -> str:
        """Return the translated label."""
        return str(self.field.label)

    @property
    def is_wide(self) -> bool:
        """Return whether the value takes up the full width."""
        return presenter_of(self.field).is_bulky and len(self.text) > 60

    @property
    def is_number(self) -> bool:
        """Return whether the value is a number to compare."""
        return presenter_of(self.field).is_number

    @property
    def html(self) -> Markup | str:
        """Render the value, in Python since a page shows dozens of them. A plain text isn't marked safe."""
        if self.links:
            return Markup(", ").join(link.html for link in self.links)
        return presenter_of(self.field).html(self) if self.text else NOTHING
