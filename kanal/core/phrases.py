"""The sentences about a record type on pages. Each type declares its own.

Other languages inflect nouns and articles by gender, case and number, so no sentence is composed from a type's
name: “New %(type)s” can't be translated, “New lead” can.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from kanal.kit.numbers import format_number

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The sentences about one record type, marked for translation.

    `new`, `edit`, `delete` and `import_` are control labels and page titles: “New lead”, “Import leads”. `none` is the
    title of an empty list: “No leads yet”. `count` is built by `ngettext_lazy(…, "n")` and shows %(count)s: “1,250
    leads”. `new`, `delete` and `import_` are empty if and only if the type has no such feature, which a start-up check
    enforces; `new` can be set for a type that only its own pages create.
    """

    edit: Text
    none: Text
    count: Text
    new: Text = ""
    delete: Text = ""
    import_: Text = ""

    def counted(self, number: int) -> str:
        """Return the number of records with the number formatted for the reader: “1,250 leads”."""
        count: Any = self.count
        return str(count % {"n": number, "count": format_number(number, get_language() or "en")})
