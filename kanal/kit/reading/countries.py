"""Countries by name in many languages, two- or three-letter code, and common abbreviation."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Ambiguous, Invalid
from kanal.kit.letters import fold
from kanal.kit.reading.characters import LONGEST

# The first language that knows a name wins, so rarer ones never make a name in Kanal's own languages ambiguous.
LANGUAGES = (
    "en", "nb", "nn", "de", "cs", "es", "fr", "sv", "da", "fi", "is", "nl", "it", "pt", "pl", "sk", "sl", "hr", "hu",
    "ro", "et", "lv", "lt", "el", "bg", "uk", "ru", "tr", "ca", "ga", "sr", "ja", "zh", "ko", "he", "ar",
)  # fmt: skip
_NO_COUNTRIES = frozenset({"EU", "UN", "EZ", "ZZ", "XA", "XB", "QO"})
_OTHER_NAMES = """
GB: u k|great britain|britain|england|scotland|wales|northern ireland|grossbritannien|storbritannia|velka britanie
GB: royaume uni|reino unido|united kingdom of great britain and northern ireland|spojene kralovstvi
US: u s|u s a|usa|america|united states of america|the united states|estados unidos de america
US: etats unis d amerique|vereinigte staaten von amerika|amerikas forente stater|spojene staty americke|amerika
CZ: czech republic|the czech republic|ceska republika|tschechische republik|den tsjekkiske republikk
CZ: tsjekkiske republikk|republica checa|republique tcheque|czech rep
GR: el|hellas|hellenic republic
SK: slovak republic|slovenska republika|the slovak republic
NL: holland|the netherlands|kingdom of the netherlands|nederlande
DE: federal republic of germany|bundesrepublik deutschland|brd|frg
NO: kingdom of norway|kongeriket norge
RU: russian federation|russia federation
KR: korea|republic of korea|korea republic of|korea south
KP: korea democratic people s republic of
CN: people s republic of china|prc|mainland china
TW: taiwan province of china|taiwan republic of china
HK: hong kong|hongkong
MO: macau|macao
VN: viet nam
BA: bosnia|bosna|bosnien|bosnie|bosnia herzegovina
IR: iran islamic republic of
SY: syrian arab republic
LA: lao people s democratic republic|lao pdr
MD: moldova republic of|republic of moldova
TZ: tanzania united republic of|united republic of tanzania
VE: venezuela bolivarian republic of
BO: bolivia plurinational state of
MK: macedonia|republic of north macedonia|fyrom
AE: uae|u a e|emirates|the united arab emirates
CI: ivory coast|elfenbeinkuste|elfenbenskysten|pobrezi slonoviny
SZ: swaziland
CV: cape verde
MM: burma
TL: east timor
BN: brunei darussalam
VA: holy see|vatican
PS: palestine|palestine state of
CD: democratic republic of the congo|congo the democratic republic of the|drc
CG: congo|republic of the congo
BA: bosnia
TT: trinidad
KN: saint kitts|st kitts
MD: moldavia
ZA: rsa|republic of south africa
SJ: svalbard
GB: great britain and northern ireland
MK: northern macedonia
GE: gruzie|gruzja
IE: republic of ireland|eire
SE: kingdom of sweden
DK: kingdom of denmark
CH: schweiz suisse svizzera
TR: turkey|turkiye|turkiet
BY: belorussia|weissrussland|hviterussland|vitryssland|belorusko
GE: republic of georgia
"""
# International vehicle codes as used before postcodes: the only one-letter names.
_SIGNS_OF_CARS = {
    "a": "AT",
    "b": "BE",
    "d": "DE",
    "e": "ES",
    "f": "FR",
    "h": "HU",
    "i": "IT",
    "l": "LU",
    "n": "NO",
    "p": "PT",
    "s": "SE",
}
# How states refer to themselves besides their name, as `_essence` returns it.
_KINDS_OF_STATES = re.compile(
    r"^(?:the )?(?:republic|republik|republikken|republika|republica|republique|kingdom|kongeriket|konigreich"
    r"|konungariket|kongeriget|state|commonwealth|principality|grand duchy|sultanate)(?: of| de| d)?(?: the| la)? "
    r"| (?:republic|republika|sar|sar china)$"
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_WITH_CODE = re.compile(
    r"(?:(?P<name>.+?)\s*[(\[]\s*(?P<code>[A-Za-z]{2,3})\s*[)\]]|(?P<first>[A-Za-z]{2,3})\s*[-–:]\s+(?P<rest>.+))"
)


def read_country(text: str) -> str:
    """Return the country code (ISO 3166, two letters) that a text names. Raise Invalid for none."""
    typed, text = text, _FLAG.sub(_letters_of_flag, text).strip()
    essence = _essence(text)
    known = _known().get(essence) or _SIGNS_OF_CARS.get(essence) or _known().get(_KINDS_OF_STATES.sub("", essence))
    if known := known or _one_of_several_names(text):
        return known
    if len(text) <= LONGEST and (both := _WITH_CODE.fullmatch(text)):
        codes = {_known().get(_essence(part)) for part in both.groups() if part} - {None}
        if len(codes) == 1:
            return str(codes.pop())
        if codes:
            raise Ambiguous(typed.strip(), sorted(str(code) for code in codes))
    raise Invalid(_("The country “%(text)s” is not known.") % {"text": typed.strip()[:80]})


def _letters_of_flag(flag: re.Match[str]) -> str:
    """Return the two letters that a flag emoji consists of."""
    return " " + "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in flag[0]) + " "


def _one_of_several_names(text: str) -> str | None:
    """Return the country that a text names more than once: "Belgique/België", "🇳🇴 Norway"."""
    parts = [part for part in re.split(r"[/|]", text[:LONGEST]) if part.strip()]
    words = text[:LONGEST].split(maxsplit=1)
    for names in (parts, words):
        codes = {_known().get(_essence(name)) for name in names}
        if len(names) > 1 and len(codes) == 1:
            return codes.pop()
    return None


def _essence(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text).replace("&", " and ")).strip()


@cache
def _known() -> dict[str, str]:
    """Return the country codes by all their names. Earlier sources take precedence."""
    territories = {language: _territories(language) for language in LANGUAGES}
    codes = set(territories["en"])
    codes_by_name = {code.lower(): code for code in codes}
    for alias, targets in get_global("territory_aliases").items():
        if len(targets) == 1 and targets[0] in codes and len(alias) in (2, 3):
            codes_by_name.setdefault(alias.lower(), targets[0])
    for line in _OTHER_NAMES.strip().splitlines():
        code, _colon, names = line.partition(": ")
        codes_by_name |= {name: code for name in names.split("|") if name not in codes_by_name}
    for language in LANGUAGES:
        for code, name in territories[language].items():
            codes_by_name.setdefault(_essence(name), code)
    return codes_by_name


def _territories(language: str) -> dict[str, str]:
    names = Locale.parse(language).territories
    return {code: name for code, name in names.items() if re.fullmatch(r"[A-Z]{2}", code) and code not in _NO_COUNTRIES}
