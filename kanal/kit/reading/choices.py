"""Choices by key or by label in any language, ignoring case, accents and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.letters import fold

Known = dict[str, dict[str, None]]


def essence(text: str) -> str:
    """Return the letters and digits of a label, shared by all its spellings."""
    return re.sub(r"[\W_]+", " ", fold(text)).strip() or fold(text).strip()


def known_by(labels: Mapping[str, Iterable[str]]) -> Known:
    """Return the option keys by normalized label and key, computed once for many texts."""
    keys_by_name: Known = {}
    for key, names in labels.items():
        for name in (key, *names):
            keys_by_name.setdefault(essence(name), {})[key] = None
    return keys_by_name


def read_choice(text: str, known: Known) -> str:
    """Return the key of the option that a text names. Raise Invalid for none, Ambiguous for several."""
    keys = list(known.get(essence(text), ()))
    if text.strip() in keys or len(keys) == 1:
        return text.strip() if text.strip() in keys else keys[0]
    if keys:
        raise Ambiguous(text.strip(), keys)
    raise Invalid(_("“%(value)s” is not one of the choices.") % {"value": text.strip()[:80]})
