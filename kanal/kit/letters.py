"""Folding of letters for matching, as PostgreSQL's lower(unaccent(x)) folds Latin ones; the order of short lists."""

from __future__ import annotations

import unicodedata

# Letters without a canonical decomposition, and below each the one that stands for it.
_LETTERS = (
    "ÐØðøĐđĦħıĸĿŀŁłŊŋŦŧƀƁƂƃƇƈƉƊƋƌƐƑƒƓƖƗƘƙƚƝƞƤƥƫƬƭƮƲƳƴƵƶǤǥȡȤȥȴȵȶȷȺȻȼȽȾȿɀɃɄɆɇɈɉɌɍɎɏɓɕɖɗɛɟɠɡɢɦɧɨɪɫɬɭɱɲɳɴɼɽɾʀ"
    "ʂʈʉʋʏʐʑʙʛʜʝʟʠᴀᴃᴄᴅᴆᴇᴊᴋᴌᴍᴏᴘᴛᴜᴠᴡᴢᵬᵭᵮᵯᵰᵱᵲᵳᵴᵵᵶᵻᵽᵾᶀᶁᶂᶃᶄᶅᶆᶇᶈᶉᶊᶌᶍᶎᶏᶑᶒᶓᶖᶙẚẜẝỼỽỾỿⱠⱡⱢⱣⱤⱥⱦⱧⱨⱩⱪⱫⱬⱮⱱⱲⱳⱴⱸⱺⱾⱿꜰꜱꝀꝁꝂꝃꝄ"
    "ꝅꝆꝇꝈꝉꝊꝋꝌꝍꝐꝑꝒꝓꝔꝕꝖꝗꝘꝙꝞꝟꝱꝲꝳꝴꝵꝶꝷꝹꝺꝻꝼꞆꞇꞐꞑꞒꞓꞠꞡꞢꞣꞤꞥꞦꞧꞨꞩꞪ"
)
_STANDING_FOR = (
    "dododdhhiqllllnnttbbbbccddddeffgiikklnnppttttvyyzzggdzzlntjaccltszbueejjrryybcddejggghhiilllmnnnrrrr"
    "stuvyzzbghjlqabcddejklmoptuvwzbdfmnprrstzipubdfgklmnprsvxzadeeiuassvvyylllprathhkkzzmvwwveoszfskkkkk"
    "kllllooooppppppqqqqvvdlmnrrtddffttnnccggkknnrrssh"
)
_SEVERAL = (
    "Æae Þth ßss æae þth ŉ'n Œoe œoe ƕhv Ƣoi ƣoi ȸdb ȹqp ɶoe ʣdz ʥdz ʦts ʪls ʫlz ᴁae "
    "ᵫue ᵺth ẞss Ỻll ỻll Ꜳaa ꜳaa Ꜵao ꜵao Ꜷau ꜷau Ꜹav ꜹav Ꜻav ꜻav Ꜽay ꜽay Ꝏoo ꝏoo Ꝡvy "
    "ꝡvy Ꝥth ꝥth Ꝧth ꝧth "
)
_MARKS = "¡! ¿? «<< »>> ‐- ‑- ‒- –- —- ―- −- ‘' ’' ‚, ‛' …... ‹< ›> ×* ÷/ ⁄/ ʻ' ʼ' ′'"
_TABLE = dict(zip(_LETTERS, _STANDING_FOR, strict=True))
_TABLE |= {pair[0]: pair[1:] for pair in (_SEVERAL + _MARKS).split()}
_TABLE |= dict.fromkeys("“”‟″", '"') | {"„": ",,", "Ё": "е", "ё": "е", "ẛ": "ẛ"}
_COMBINING = range(0x0300, 0x0363)


def _fold_character(character: str) -> str:
    if character in _TABLE:
        return _TABLE[character]
    if ord(character) in _COMBINING:
        return ""
    parts = unicodedata.normalize("NFKD", character)
    base = "".join(part for part in parts if not unicodedata.combining(part))
    if base.isascii() and base.isalpha():
        return base.lower()
    if len(base) == 1 and unicodedata.name(character, "").startswith("GREEK "):
        return base.lower()
    return character.lower()


class _Folds(dict[int, str]):
    """Remember each character's folded form once it has been asked for."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Lower the text and strip its accents: "Ærø Größe" becomes "aero grosse"."""
    return text.translate(_FOLDS)


# Letters with a place of their own in an alphabet: what they are sorted as ("{" stands behind "z").
_NORDIC = {"nb": "æøå", "nn": "æøå", "no": "æøå", "da": "æøå", "sv": "åäö", "fi": "åäö"}
_PLACES = {language: dict(zip(letters, "{|}", strict=True)) for language, letters in _NORDIC.items()}
_PLACES |= {"cs": {"ch": "h{", "č": "c{", "ř": "r{", "š": "s{", "ž": "z{"}, "es": {"ñ": "n{"}}


def sort_key(text: str, language: str) -> str:
    """Return what a short list is sorted by in a language: letters with accents beside their own, or where they belong.

    Norwegians look for Østerrike behind Z, Germans for Österreich behind Norwegen.
    """
    lower = unicodedata.normalize("NFC", text).lower()
    for letters, place in _PLACES.get(language.partition("-")[0], {}).items():
        lower = lower.replace(letters, place)
    return fold(lower)
