"""Folding of letters for sorting and matching, the same as PostgreSQL's lower(unaccent(x)) for Latin letters."""

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
