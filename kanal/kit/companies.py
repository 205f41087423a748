"""Company names: strip legal forms, expand spellings, compare similarity (INTAKE-4)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from kanal.kit.letters import fold
from kanal.kit.text import similarity

# Folded, without dots and slashes. Adjacent single letters form one word.
_LEGAL_FORMS = """
ab ag aps as asa ans da enk nuf ba bhd bv bvba cv cvba co kg company corp corporation cia doo dooel ead eood eirl eurl
ev gbr gesmbh ggmbh gmbh inc incorporated ivs jdoo jsc kda kft kgaa ks kt lda limited llc llp lp ltd ltda nv oao oe og
ohg oo ood ooo oy oyj ou plc pjsc pllc pao pte pty pvt private rt sa sab saoc sapi sarl sas sasu sc sca scs scrl se sia
snc sl slu sp spa spk spj sprl sr srl srls sro tbk uab ug vof vos ykb zao zrt zoo ehf hf ek eg mbh spol
eu aktiengesellschaft aksjeselskap aktiebolag osakeyhtio aktieselskab aktieselskabet anpartsselskab ооо оао зао пао
тов ао ип осоо фоп αε επε ικε оод еоод ад
"""
_LEGAL = frozenset(_LEGAL_FORMS.split())
_IN_FRONT = "the ooo oao zao pao uab sia pt as ab oy ou sas sarl ооо оао зао пао тов ао ип осоо фоп aktieselskabet"
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
    (re.compile(r"\bsdn bhd$"), "bhd"),
    (re.compile(r"^общество с ограниченной ответственностью\b"), "ооо"),
    (re.compile(r"^(публичное|открытое|закрытое)? ?акционерное общество\b"), "ао"),
)
_SAME_FORM = {
    "limited": "ltd", "incorporated": "inc", "corporation": "corp", "company": "co", "aksjeselskap": "as",
    "aktieselskab": "as", "aktieselskabet": "as", "anpartsselskab": "aps", "aktiebolag": "ab", "osakeyhtio": "oy",
    "aktiengesellschaft": "ag", "sacv": "sa", "gesmbh": "gmbh", "mbh": "gmbh",
}  # fmt: skip
_NUMERAL = re.compile(r"\d+\w*|\w*\d+|[ivx]{1,5}")


# Forms attached to the name without a space, before or after it.
_ATTACHED = {
    "株式会社": "kk", "(株)": "kk", "有限会社": "yk", "(有)": "yk", "合同会社": "gk", "(同)": "gk", "合資会社": "gshk",
    "股份有限公司": "gf", "有限责任公司": "yx", "有限公司": "yx", "주식회사": "jh", "(주)": "jh", "유한회사": "yh",
}  # fmt: skip
_AND = re.compile(r"(?<=\w )(?:und|og|och|et)(?= \w)")
# How accented letters are written without accents: "Müller" is Mueller or Muller, but those two differ.
_DIGRAPHS = str.maketrans(
    {"ü": "ue", "ö": "oe", "ä": "ae", "ø": "oe", "å": "aa", "æ": "ae", "Ü": "ue", "Ö": "oe", "Ä": "ae", "Ø": "oe",
     "Å": "aa", "Æ": "ae"}
)  # fmt: skip
_UNDO = (("ue", "u"), ("oe", "o"), ("ae", "a"), ("aa", "a"))


@lru_cache(maxsize=8192)
def company_name(name: str) -> tuple[str, frozenset[str]]:
    """Return the folded name without legal forms and accents, and those forms: "ACME AS" is "acme" and "as"."""
    text, forms = _without_attached(unicodedata.normalize("NFKC", re.sub("[™®©℠]", "", name)))
    text = fold(text).replace("&", " and ").replace("+", " and ").replace("ς", "σ")
    text = re.sub(r"\b(\w)[./](?=\w\b)", r"\1", text)
    text = " ".join(re.sub(r"[^\w]+", " ", text.replace("'", "")).replace("_", " ").split())
    text = _AND.sub("and", re.sub(r"\b(?:[^\W\d] ){1,3}[^\W\d]\b", lambda match: match[0].replace(" ", ""), text))
    for phrase, form in _PHRASES:
        if (shorter := phrase.sub("", text).strip()) and shorter != text:
            text = shorter
            forms.add(_SAME_FORM.get(form, form))
    words = text.split()
    while len(words) > 1 and words[-1] in _LEGAL | _JOINING | {"sacv"}:
        forms.add(words.pop())
    while len(words) > 1 and words[0] in _LEGAL_IN_FRONT:
        forms.add(words.pop(0))
    return " ".join(words), frozenset(_SAME_FORM.get(other, other) for other in forms - _JOINING)


def _without_attached(text: str) -> tuple[str, set[str]]:
    """Return a name without its attached legal forms, and those forms."""
    forms: set[str] = set()
    for form, key in _ATTACHED.items():
        shorter = text.strip().removeprefix(form).removesuffix(form).strip()
        if shorter and shorter != text.strip():
            text = shorter
            forms.add(key)
    return text, forms


def company_name_core(name: str) -> str:
    """Return the folded name without legal forms and accents, for comparison: "ACME AS, Inc." is "acme"."""
    return company_name(name)[0]


@lru_cache(maxsize=8192)
def spellings(name: str) -> frozenset[str]:
    """Return the unaccented spellings of a company name: "Müller AG" as "muller" and "mueller"."""
    return frozenset({company_name_core(name), company_name_core(_expanded(name))})


def _expanded(name: str) -> str:
    return unicodedata.normalize("NFC", name).translate(_DIGRAPHS)


@lru_cache(maxsize=8192)
def looked_for(name: str) -> frozenset[str]:
    """Return the search texts for accounts that may have this name, including attached legal forms."""
    variants = {*spellings(name)}
    if _is_broken(name):
        variants |= {_closed(text) for text in variants}
    core = company_name_core(name)
    shorter = core
    for two, single in _UNDO:
        shorter = shorter.replace(two, single)
    attached = [
        form for form in ("株式会社", "有限公司", "주식회사") if core and not core.isascii() and _is_eastern(core)
    ]
    return frozenset(
        {*variants, shorter, *(f"{form}{core}" for form in attached), *(f"{core}{form}" for form in attached)}
    )


def _is_eastern(text: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL")) for letter in text)


@lru_cache(maxsize=4096)
def place_spellings(place: str) -> frozenset[str]:
    """Return the unaccented spellings of a place: "Köln" as "koln" and "koeln"."""
    return frozenset({fold(place).strip(), fold(_expanded(place)).strip()}) - {""}


def is_same_company(name: str, other: str) -> bool:
    """Return whether two names differ only in spelling. Legal forms may be missing, but not different."""
    forms, forms_too = company_name(name)[1], company_name(other)[1]
    if forms and forms_too and not forms & forms_too:
        return False
    mine, theirs = spellings(name), spellings(other)
    if mine & theirs - {""}:
        return True
    if not _is_broken(name + other):
        return False
    return bool({_closed(text) for text in mine} & {_closed(text) for text in theirs} - {""})


def _is_broken(name: str) -> bool:
    """Return whether a name contains a mark at which it may also be written as one word."""
    return any(mark in name for mark in "-.&")


def _closed(text: str) -> str:
    """Return a name without spaces, so that "Co-op" equals "Coop"."""
    return text.replace(" ", "")


def likeness(name: str, other: str) -> float:
    """Return the similarity of two company names, 0 to 1. Names with different numbers are different companies."""
    pairs = [(left, right) for left in spellings(name) for right in spellings(other)]
    return max(_alike(left, right) for left, right in pairs)


def _alike(left: str, right: str) -> float:
    numbers, numbers_too = (sorted(word for word in text.split() if _NUMERAL.fullmatch(word)) for text in (left, right))
    if numbers and numbers_too and numbers != numbers_too:
        return 0.0
    score = similarity(left, right)
    return min(score, 0.9) if left != right else score
