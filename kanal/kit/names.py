"""Personal names: split a full name into first name, last name and titles. See companies.py for companies."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from nameparser import HumanName
from nameparser.config import Constants

from kanal.kit.letters import fold


@dataclass(frozen=True, slots=True)
class PersonName:
    """The parts of a personal name. `titles` are academic and courtesy titles, `suffix` is "jr." and the like."""

    first: str
    last: str
    titles: str = ""
    suffix: str = ""


_GENERATION = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "jun.", "sen.", "jun", "sen", "ml.", "st."])

# Titles that are also words or names ("Dean", "First", "King") don't count: they would remove part of a name.
_TITLES = """
dr mr mrs ms miss mx prof professor doctor sir dame herr frau fru hr pan pani ing mgr bc mudr judr phdr rndr mvdr paeddr
thdr pharmdr doc dipl dipl-ing dipling med mag bca mga arch et rer nat phil jur h.c hc sr. sra dna monsieur madame mme
mlle m. don dona univ-prof univ ddr mmag
"""

# Also first names ("Phil Collins"): titles only with a dot, or after another title ("Dr phil").
_FIRST_NAMES = frozenset(["phil", "nat", "don", "dona", "doc", "pan", "arch", "med", "sen", "jur", "et"])


@cache
def _constants() -> Constants:
    """Return the library's constants, reduced to unambiguous titles."""
    known = Constants()
    unwanted = [title for title in known.titles if title not in set(_TITLES.split())]
    known.titles.remove(*unwanted)
    known.titles.add(*[part for part in _TITLES.split() if part not in known.titles])
    known.titles.remove(*[first_name for first_name in _FIRST_NAMES if first_name in known.titles])
    return known


_ENDS_AS_TITLE = re.compile(r"(?:Ing|Mgr|Bc|Dr|Prof|Dipl|Doc)\.", re.IGNORECASE)


# In these countries people have two family names; common second given names identify two given names.
_TWO_FAMILY_NAMES_WORDS = """
ES MX CO AR CL PE VE EC GT CU BO DO HN PY SV NI CR PA UY
"""
_TWO_FAMILY_NAMES = frozenset(_TWO_FAMILY_NAMES_WORDS.split())
_SECOND_GIVEN_WORDS = """
jose maria luis carlos antonio manuel angel juan jesus javier pedro pablo alberto andres teresa carmen isabel
miguel ignacio ramon eduardo enrique fernando francisco rafael dolores pilar elena luisa cristina victoria
alejandro david
"""
_SECOND_GIVEN = frozenset(_SECOND_GIVEN_WORDS.split())
_PATRONYMIC = re.compile(r"\w+(?:ович|евич|ич|овна|евна|ична|инична)", re.IGNORECASE)
_PARTICLES_WORDS = """
van von de der den del della di da dos du la le zu zur ten ter af av el al bin ibn
"""
_PARTICLES = frozenset(_PARTICLES_WORDS.split())


@lru_cache(maxsize=4096)
def split_name(text: str, country: str = "") -> PersonName:
    """Return the first and last name of a full name in any usual order. A single word is the last name.

    `country` (ISO 3166) is where the person lives: Hungarians put the family name first, Spaniards have two.
    """
    whole = " ".join(text.split())[:200]
    words = re.sub(r"\bh\.\s?c\.\s*", "", whole).split()
    while len(words) > 2 and _ENDS_AS_TITLE.fullmatch(words[-1]) and words[-1].lower() not in _GENERATION:
        words.insert(0, words.pop())
    leading = _leading_titles(words)
    words = words[len(leading) :]
    trailing = _trailing_titles(words)
    words = words[: len(words) - len(trailing)]
    given = _given_of(words, country)
    if given is not None:
        family = [word for word in words if word not in given]
        return PersonName(" ".join(given), " ".join(family), ", ".join([*filter(None, [" ".join(leading)]), *trailing]))
    parts = _read_by_library(words, leading, whole)
    return (
        replace(parts, titles=", ".join(title for title in (parts.titles, *trailing) if title)) if trailing else parts
    )


def _read_by_library(words: list[str], leading: list[str], whole: str) -> PersonName:
    """Return the library's parse of the words between titles."""
    read = HumanName(" ".join(words), constants=_constants())
    if _is_first_and_last(words) and read.suffix:
        return PersonName(words[0], words[1], " ".join(leading))
    first, last = f"{read.first} {read.middle}".strip(), read.last
    suffixes = [part for part in re.split(r",\s*|\s+(?=\w+\.?$)", read.suffix) if part]
    generation = [part for part in suffixes if part.lower() in _GENERATION]
    titles = [
        " ".join([*leading, read.title]).strip(),
        read.nickname,
        *(part for part in suffixes if part not in generation),
    ]
    if not last:
        first, last = "", first
    if not first and not last:
        return PersonName("", whole)
    return PersonName(first, last, ", ".join(title for title in titles if title), " ".join(generation))


def _given_of(words: list[str], country: str) -> list[str] | None:
    """Return the given names if the form or country of a name determines them, None if the usual order applies."""
    if len(words) < 2 or len(set(words)) < len(words) or any("," in word for word in words):
        return None
    if words[0].lower() in _PARTICLES and words[0].islower():
        return []
    if len(words) == 3 and _PATRONYMIC.fullmatch(words[2]) and not _PATRONYMIC.fullmatch(words[0]):
        return words[1:]
    if country == "HU" and len(words) <= 3 and words[0].isalpha():
        return words[1:]
    if country in _TWO_FAMILY_NAMES and len(words) in (3, 4) and not _PARTICLES & {word.lower() for word in words}:
        is_double = len(words) == 4 or fold(words[1]) in _SECOND_GIVEN
        return words[:2] if is_double else words[:1]
    return None


def _trailing_titles(words: list[str]) -> list[str]:
    """Return the uppercase degrees after a name ("MBA", "M.A."). At least two words remain as the name."""
    known, titles = _constants().suffix_acronyms, list[str]()
    for word in reversed(words[2:]):
        if not word.replace(".", "").isupper() or word.lower().replace(".", "").rstrip(",") not in known:
            break
        if word.lower() in _GENERATION or words[-len(titles) - 2].endswith(","):
            break
        titles.insert(0, word)
    return titles


def _is_first_and_last(words: list[str]) -> bool:
    """Return whether two words are a name, not a name and a title: "Per Aas", but not "Aas MBA"."""
    if len(words) != 2 or not "".join(words).isalpha() or words[1].lower() in _GENERATION:
        return False
    return words[1].istitle() or words[0].isupper()


def _leading_titles(words: list[str]) -> list[str]:
    """Return the titles before a name. At least one word remains as the name."""
    known = frozenset(_TITLES.split())
    titles: list[str] = []
    for word in words[:-1]:
        title = word.lower().rstrip(".")
        if title not in known or (title in _FIRST_NAMES and not word.endswith(".") and not (titles and word.islower())):
            break
        titles.append(word)
    return titles
