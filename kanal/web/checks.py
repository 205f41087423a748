"""System checks of the web app: every field type has a presenter."""

from typing import Any

from django.core.checks import Error, register

from kanal.core.fields import FIELD_TYPES
from kanal.web.fieldtypes import PRESENTERS


@register()
def presenters(**_options: Any) -> list[Error]:
    """Check that every field type has a presenter."""
    return [
        Error(
            f"The field type “{key}” has no presenter: add one to kanal/web/fieldtypes with "
            f"@presents({type(field_type).__name__}).",
            id="kanal.E004",
        )
        for key, field_type in FIELD_TYPES.items()
        if key not in PRESENTERS
    ]
