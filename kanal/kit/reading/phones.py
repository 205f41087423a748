"""Phone numbers with the country that a number without one belongs to."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid
from kanal.kit.phones import match_key
from kanal.kit.reading.characters import plain

_LABEL = re.compile(r"^\w{1,8}\.?:\s*(?=[+(\d])")  # "p:+47 …" in exports of Meta, "Tel.: …"
_EXPONENT = re.compile(r"\d[.,]\d+\s*e\+?\d+", re.IGNORECASE)


def read_phone(text: str, country: str | None = None, default: str | None = None) -> str:
    """Return a number as E.164; raise Invalid for what is none.

    `country` is the record's own country (ISO 3166), `default` the installation's: it counts where the record has none.
    """
    number = _LABEL.sub("", plain(text).lstrip("'").strip())
    if _EXPONENT.fullmatch(number):
        message = _("“%(text)s” was a phone number before a spreadsheet shortened it: its digits are lost.")
        raise Invalid(message % {"text": number[:40]})
    key = match_key(number, country or default)
    if not key.startswith("+"):
        raise Invalid(_("“%(text)s” is not a phone number.") % {"text": number[:40]})
    return key
