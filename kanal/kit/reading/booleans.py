"""Yes and no in Kanal's languages and those of neighboring countries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid
from kanal.kit.letters import fold
from kanal.kit.reading.characters import normalize_characters

_YES = """
yes y true t 1 on x ja j jo sann sant wahr richtig ano a pravda si s verdadero cierto oui o vrai sand sandt tak prawda
vero sim verdadeiro kylla да checked ✓ ✔ ☑ √ v waar igen igaz evet dogru истина так 是 はい ✅ [x] 1.0 1,0
"""
_NO = """
no n false f 0 off nei nein nej nee onwaar usann usant falsch ne nepravda falso non faux falsk nie falsz nao
ei нет unchecked ☐ ✗ ✘ nem hamis hayır yanlis ложь ні 否 いいえ ❌ ✖ [] 0.0 0,0
"""
_WORDS = {fold(word): True for word in _YES.split()} | {fold(word): False for word in _NO.split()}


def read_boolean(text: str) -> bool:
    """Return whether a text means yes or no. Raise Invalid if it means neither."""
    word = fold(normalize_characters(text).strip(".! ")).replace("[ ]", "[]")
    if word not in _WORDS:
        raise Invalid(_("“%(text)s” is neither yes nor no.") % {"text": text.strip()[:40]})
    return _WORDS[word]
