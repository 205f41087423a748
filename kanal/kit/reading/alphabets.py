"""Letters beyond ASCII of the languages that files are written in, to tell one encoding from another."""

from __future__ import annotations

# By language; small letters, as texts are compared without case.
ALPHABETS = {
    "norwegian, danish": "æøåéèêòôóü", "swedish, finnish": "åäöéšž", "german": "äöüßé",
    "french": "àâæçéèêëîïôœùûüÿ", "spanish": "áéíñóúüç", "portuguese": "ãáàâçéêíõóôúü", "italian": "àèéìíîòóùú",
    "catalan": "àçèéíïòóúü", "dutch": "éëïöüèáó", "icelandic": "áæéíðóöþúý", "czech": "áčďéěíňóřšťúůýž",
    "slovak": "áäčďéíľĺňóôŕšťúýž", "polish": "ąćęłńóśźż", "hungarian": "áéíóöőúüű", "romanian": "ăâîşţșț",
    "croatian, slovenian": "čćđšž", "lithuanian": "ąčęėįšųūž", "latvian": "āčēģīķļņšūž", "estonian": "äõöüšž",
    "turkish": "çğıöşüâî", "greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "russian, bulgarian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'",
    "serbian": "абвгдђежзијклљмнњопрстћуфхцчџш",
}  # fmt: skip
VOWELS = frozenset("aeiouyæøåäöüœáàâãéèêëěėęíìîïıįóòôõőúùûůűųýÿăąāēīūαεηιουωάέήίόύώϊϋΐΰаеёиоуыэюяєіїў")
# How letters sound in a word: a Czech "ř" stands where "ø", a vowel, can't.
COMMON_SIGNS = frozenset("€£§°–—‘’‚“”„«»…•®©™´²³½¼¾·¿¡ºª\u00a0\u00ad†‰‹›№")
