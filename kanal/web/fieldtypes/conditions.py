"""How users see and enter the conditions of a filter on a field type. The base class asks for plain text."""

from typing import Any

from django.http import QueryDict

from kanal.core.fields import Field
from kanal.core.query import FilterContext, Test
from kanal.web.fieldtypes.filter_labels import OPERATORS, value_label


class ConditionPresenter:
    """Presentation of conditions on a field type.

    `operators` are those of the filter dialog, the default first. Without any, the type can't be filtered by.
    """

    operators: tuple[str, ...] = ()

    def filter_input(self, field: Field, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
        """Return the input for the values of a condition: `control` names a template in `pages/filters/inputs/`."""
        first, second = [*values, "", ""][:2]
        return {"control": "text", "value": first, "second": second, "two": op == "between"}

    def filter_values(self, op: str, posted: QueryDict) -> tuple[str, ...]:
        """Return the values of a condition from the dialog."""
        return tuple(text for value in posted.getlist("value") if (text := value.strip()))

    def filter_operator(self, op: str, test: Test) -> str:
        """Return an operator as words that stand between the field and its values. `op` may be an opposite."""
        if len(test.values) == 1 and op in ("any", "none"):
            op = "is" if op == "any" else "not"
        return str(OPERATORS[op])

    def filter_words(self, test: Test, field: Field, reader: FilterContext) -> str:
        """Return the values of a condition as text."""
        return ", ".join(map(value_label, test.values))
