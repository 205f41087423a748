"""Names of persons and companies: first and last name of a full one, a company's name without its legal form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from nameparser import HumanName
from nameparser.config import Constants

from kanal.kit.letters import fold
from kanal.kit.text import similarity


@dataclass(frozen=True, slots=True)
class PersonName:
    """Hold the parts of a person's name; `titles` are academic and courtesy titles, `suffix` "jr." and the like."""

    first: str
    last: str
    titles: str = ""
    suffix: str = ""


_GENERATION = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "jun.", "sen.", "jun", "sen", "ml.", "st."])

# A title that is a word or a name as well ("Dean", "First", "King") is none: it takes a name away.
_TITLES = """
dr mr mrs ms miss mx prof professor doctor sir dame herr frau fru hr pan pani ing mgr bc mudr judr phdr rndr mvdr paeddr
thdr pharmdr doc dipl dipl-ing dipling med mag bca mga arch et rer nat phil jur h.c hc sr. sra dna monsieur madame mme
mlle m. don dona univ-prof univ ddr mmag
"""

# These are first names as well ("Phil Collins"): titles only with a dot, or behind another title ("Dr phil").
_FIRST_NAMES = frozenset(["phil", "nat", "don", "dona", "doc", "pan", "arch", "med", "sen", "jur", "et"])


@cache
def _constants() -> Constants:
    """Return what the library knows, with titles alone that are nothing else."""
    known = Constants()
    unwanted = [one for one in known.titles if one not in set(_TITLES.split())]
    known.titles.remove(*unwanted)
    known.titles.add(*[one for one in _TITLES.split() if one not in known.titles])
    known.titles.remove(*[one for one in _FIRST_NAMES if one in known.titles])
    return known


_ENDS_AS_TITLE = re.compile(r"(?:Ing|Mgr|Bc|Dr|Prof|Dipl|Doc)\.", re.IGNORECASE)


@lru_cache(maxsize=4096)
def split_name(text: str) -> PersonName:
    """Return first and last name of a full name in any usual order; a single word is the last name."""
    whole = " ".join(text.split())[:200]
    words = re.sub(r"\bh\.\s?c\.\s*", "", whole).split()
    while len(words) > 2 and _ENDS_AS_TITLE.fullmatch(words[-1]) and words[-1].lower() not in _GENERATION:
        words.insert(0, words.pop())
    leading = _leading_titles(words)
    words = words[len(leading) :]
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
    return PersonName(first, last, ", ".join(one for one in titles if one), " ".join(generation))


def _is_first_and_last(words: list[str]) -> bool:
    """Return whether two words are written as a name, not as a name and a title: "Per Aas", but "Aas MBA"."""
    if len(words) != 2 or not "".join(words).isalpha() or words[1].lower() in _GENERATION:
        return False
    return words[1].istitle() or words[0].isupper()


def _leading_titles(words: list[str]) -> list[str]:
    """Return the titles in front of a name; one word at least is left to be the name."""
    known = frozenset(_TITLES.split())
    found: list[str] = []
    for word in words[:-1]:
        title = word.lower().rstrip(".")
        if title not in known or (title in _FIRST_NAMES and not word.endswith(".") and not (found and word.islower())):
            break
        found.append(word)
    return found


# Folded, without dots and strokes; single letters that stand beside each other are one word.
_LEGAL_FORMS = """
ab ag aps as asa ans da enk nuf ba bhd bv bvba cv cvba co kg company corp corporation cia doo dooel ead eood eirl eurl
ev gbr gesmbh ggmbh gmbh inc incorporated ivs jdoo jsc kda kft kgaa ks kt lda limited llc llp lp ltd ltda nv oao oe og
ohg oo ood ooo oy oyj ou plc pjsc pllc pao pte pty pvt private rt sa sab saoc sapi sarl sas sasu sc sca scs scrl se sia
snc sl slu sp spa spk spj sprl sr srl srls sro tbk uab ug vof vos ykb zao zrt zoo ehf hf ek eg mbh spol
eu aktiengesellschaft aksjeselskap aktiebolag osakeyhtio ооо оао зао пао тов
"""
_LEGAL = frozenset(_LEGAL_FORMS.split())
_IN_FRONT = "the ooo oao zao pao uab sia pt as ab oy ou sas sarl ооо оао зао пао тов"
_LEGAL_IN_FRONT = frozenset(_IN_FRONT.split())
_JOINING = frozenset(["and", "und", "og", "et", "y", "e", "a", "the", "haftungsbeschrankt", "haftungsbeschraenkt"])
_PHRASES = (
    (re.compile(r"\b(sa|sab|sapi|srl|s de rl|sde rl) de cv$"), "sacv"),
    (re.compile(r"\bsa rl$"), "sarl"),
    (re.compile(r"\bs(p|polka) z ?o ?o$"), "spzoo"),
    (re.compile(r"\bspolecnost s rucenim omezenym$|\bspol s ?ro$"), "sro"),
    (re.compile(r"\bgesellschaft (mbh|mit beschrankter haftung)$"), "gmbh"),
    (re.compile(r"\blimited liability (company|partnership)$"), "llc"),
    (re.compile(r"\bakciova spolecnost$"), "as"),
)
_SAME_FORM = {
    "limited": "ltd", "incorporated": "inc", "corporation": "corp", "company": "co", "aksjeselskap": "as",
    "aktiebolag": "ab", "osakeyhtio": "oy", "aktiengesellschaft": "ag", "sacv": "sa", "gesmbh": "gmbh", "mbh": "gmbh",
}  # fmt: skip
_NUMERAL = re.compile(r"\d+\w*|\w*\d+|[ivx]{1,5}")


@lru_cache(maxsize=8192)
def company_name(name: str) -> tuple[str, frozenset[str]]:
    """Return the folded name without its legal forms and marks, and these forms: "ACME AS" is "acme" and "as"."""
    text = fold(name).replace("&", " and ").replace("+", " and ")
    text = re.sub(r"\b(\w)[./](?=\w\b)", r"\1", text)
    text = " ".join(re.sub(r"[^\w]+", " ", text.replace("'", "")).replace("_", " ").split())
    text = re.sub(r"\b(?:[^\W\d] ){1,3}[^\W\d]\b", lambda found: found[0].replace(" ", ""), text)
    forms: set[str] = set()
    for phrase, form in _PHRASES:
        if (shorter := phrase.sub("", text).strip()) and shorter != text:
            text = shorter
            forms.add(_SAME_FORM.get(form, form))
    words = text.split()
    while len(words) > 1 and words[-1] in _LEGAL | _JOINING | {"sacv"}:
        forms.add(words.pop())
    while len(words) > 1 and words[0] in _LEGAL_IN_FRONT:
        forms.add(words.pop(0))
    return " ".join(words), frozenset(_SAME_FORM.get(one, one) for one in forms - _JOINING)


def company_name_core(name: str) -> str:
    """Return the folded name without its legal forms and marks, to compare companies by: "ACME AS, Inc." is "acme"."""
    return company_name(name)[0]


def is_same_company(one: str, other: str) -> bool:
    """Return whether two names are one but for spelling; legal forms may be left out, but not differ."""
    (core, forms), (core_too, forms_too) = company_name(one), company_name(other)
    return bool(core) and core == core_too and (not forms or not forms_too or bool(forms & forms_too))


def likeness(one: str, other: str) -> float:
    """Return how alike two companies' names are, 0 to 1; names that differ by a number are of two companies."""
    left, right = company_name_core(one), company_name_core(other)
    numbers, numbers_too = (sorted(word for word in text.split() if _NUMERAL.fullmatch(word)) for text in (left, right))
    if numbers and numbers_too and numbers != numbers_too:
        return 0.0
    score = similarity(left, right)
    return min(score, 0.9) if left != right else score
