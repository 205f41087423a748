"""Folding of letters for matching, as PostgreSQL's lower(unaccent(x)) folds Latin ones; sort keys of short lists."""

from __future__ import annotations

import unicodedata

# Letters without a canonical decomposition, each above its replacement.
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
    """Cache the folded form of each character on first use."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Convert to lowercase and remove accents: "Ærø Größe" becomes "aero grosse"."""
    return text.translate(_FOLDS)


# Letters with their own place in an alphabet, and their sort keys ("{" sorts after "z").
_NORDIC = {"nb": "æøå", "nn": "æøå", "no": "æøå", "da": "æøå", "sv": "åäö", "fi": "åäö"}
_PLACES = {language: dict(zip(letters, "{|}", strict=True)) for language, letters in _NORDIC.items()}
_PLACES |= {"cs": {"ch": "h{", "č": "c{", "ř": "r{", "š": "s{", "ž": "z{"}, "es": {"ñ": "n{"}}


def sort_key(text: str, language: str) -> str:
    """Return the sort key of a text in a short list: accented letters next to their base letter or in their own place.

    Norwegians look for Østerrike after Z, Germans for Österreich after Norwegen.
    """
    lower = unicodedata.normalize("NFC", text).lower()
    for letters, place in _PLACES.get(language.partition("-")[0], {}).items():
        lower = lower.replace(letters, place)
    return fold(lower)
