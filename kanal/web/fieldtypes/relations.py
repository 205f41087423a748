"""Relations: a record of another type, or several."""

from typing import Any

from django.http import QueryDict

from kanal.core import access, registry
from kanal.core.fields import Field
from kanal.core.fields.choices import MultipleRelationType, RelationType
from kanal.core.keys import PARTNERS, USERS
from kanal.core.listing import Column, Page
from kanal.core.query import FilterContext, Test
from kanal.kit.reading.ids import id_of
from kanal.web.fieldtypes.entry import Entry
from kanal.web.fieldtypes.filter_labels import WORDS, value_label
from kanal.web.fieldtypes.presenter import Presenter, Write, presents
from kanal.web.markup import NOTHING, linked, person

MOST_NAMES = 3
WORDS_OF_TYPE = {USERS: ("me", "my team"), PARTNERS: ("my partner",)}


def named_records(values: list[str], field: Field, reader: FilterContext) -> dict[str, str]:
    """Return the names of the records in a condition, by id, if visible to the reader."""
    target = registry.find(field.target)
    ids = [pk for value in values if (pk := id_of(value)) is not None]
    if target is None or reader.user is None:
        return {}
    return {str(pk): name for pk, name in access.display_names(reader.user, target, ids).items()}


@presents(RelationType)
class RelationPresenter(Presenter):
    """A record of another type, shown by name."""

    control = "picker"
    operators = ("any", "none", "empty", "set")
    points_at_records = True

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the record as a link, or as empty if it isn't visible."""
        field = column.field
        target = registry.find(field.target)

        def write(pk: int) -> Any:
            name = page.name_of(field.target, pk)
            if name is None or target is None:
                return NOTHING
            if target.key in page.unopened:
                return name
            return person(name) if target.key == USERS else linked(target.url(pk), name)

        return write

    def filter_input(self, field: Field, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
        """Offer a search for records of the type. For users also offer "me" and "my team"."""
        given = [value.replace("_", " ") for value in values]
        special = WORDS_OF_TYPE.get(field.target, ())
        return {
            "control": "picker",
            "pick_url": f"/pick/{field.target}?all=1",  # include users who have left, to find their records
            "items": [{"id": pk, "label": name} for pk, name in named_records(values, field, reader).items()],
            "special": [(word, WORDS[word], word in given) for word in special],
        }

    def filter_words(self, test: Test, field: Field, reader: FilterContext) -> str:
        """Return the names of the records."""
        names = named_records(list(test.values), field, reader)
        return ", ".join(names.get(value) or value_label(value) for value in test.values)


@presents(MultipleRelationType)
class MultipleRelationPresenter(RelationPresenter):
    """Several records of another type."""

    control = "pickers"
    is_wide = True

    def show(self, entry: Entry, value: Any) -> None:
        """Show the records."""
        entry.texts = [str(pk) for pk in value or ()]

    def keep(self, entry: Entry, posted: QueryDict) -> None:
        """Keep the submitted records."""
        entry.texts = self.parse(entry.field, posted, entry.name)

    def parse(self, field: Field, posted: QueryDict, name: str) -> list[str]:
        """Return the records' ids."""
        return [text for text in posted.getlist(name) if text]

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the first names, and the number of others."""
        target = column.field.target

        def write(pks: list[int]) -> Any:
            names = [name for name in (page.name_of(target, pk) for pk in pks) if name]
            text = ", ".join(names[:MOST_NAMES])
            return text + (f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else "") if names else NOTHING

        return write
