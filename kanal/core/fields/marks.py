"""The field with the marks of a record, computed from its other columns."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.fields.choices import MultipleChoiceType
from kanal.core.fields.field import CleanContext, Field, Option
from kanal.core.marks import Mark

ATTENTION = "attention"


class MarksType(MultipleChoiceType):
    """The marks that hold for a record, by key. Nothing is stored."""

    key = "marks"
    label: Any = ""
    model_fields: tuple[type, ...] = ()
    is_json = False

    def clean(self, field: Field, raw: Any, context: CleanContext) -> list[str]:
        """Raise ValueError: marks follow from other fields."""
        raise ValueError(_("This field can't be changed."))

    def columns(self, field: Field) -> tuple[str, ...]:
        """Return the columns from which the marks are computed."""
        return tuple(dict.fromkeys(name for mark in field.marks for name in mark.columns))

    def read(self, field: Field, row: Mapping[str, Any]) -> list[str]:
        """Return the keys of the marks that hold for a row of plain values."""
        return self.reader(field)(row)

    def reader(self, field: Field) -> Callable[[Mapping[str, Any]], list[str]]:
        """Return a function that asks each mark, whose tests are made once."""
        tests = [(mark.key, mark.test()) for mark in field.marks]
        return lambda row: [key for key, holds in tests if holds(row)]

    def get(self, field: Field, record: Any) -> list[str]:
        """Return the keys of the marks that hold for a model instance."""
        return self.read(field, {name: getattr(record, name) for name in self.columns(field)})

    def set(self, field: Field, record: Any, value: Any) -> None:
        """Do nothing: marks follow from other fields."""


def attention_field(marks: Iterable[Mark]) -> Field:
    """Return the field of a type's marks."""
    options = tuple(Option(mark.key, mark.label) for mark in marks)
    return Field(
        ATTENTION, _("Attention"), MarksType(), ATTENTION, read_only=True, choices=options, marks=tuple(marks),
        help=_("What needs somebody's attention. It is computed from the record's other fields."),
    )  # fmt: skip
