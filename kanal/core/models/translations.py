"""Names that administrators enter in several languages."""

from typing import Any

from django.utils.translation import get_language


class TranslatedName:
    """A model with a `name` and its `translations` by language."""

    name: Any
    translations: Any

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return the name in the reader's language."""
        return self.translations.get(get_language() or "", "") or self.name
