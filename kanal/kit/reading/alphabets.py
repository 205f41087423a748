"""Letters beyond ASCII of the languages that files are written in: frequent | usual | rare, to tell encodings apart."""

from __future__ import annotations

# By language; small letters, as texts are compared without case.
ALPHABETS = {
    "norwegian, danish": "åøæ|é|èêòôóüöäáíþð", "swedish, finnish": "äöå|é|üøæšžáí", "german": "üäöß|é|àèáçóñ",
    "french": "éèàê|çôîïâûùœ|ëüÿæöñ", "spanish": "óíáñé|ú|üçàö", "portuguese": "ãçáéíó|êâú|õôàüö",
    "italian": "|àèòùìé|íóúîç", "catalan": "àéèí|óòçúï|üñ", "dutch": "ëéï|öü|èóáêç",
    "icelandic": "ðáíóæöé|þúý|ø", "czech": "áíěčéšřžýůú|óň|ďťöüä", "slovak": "áíčšžéýú|óľťňôď|äĺŕöü",
    "polish": "łąęóżśćń|ź|üöä", "hungarian": "áéöőóüí|úű|ä", "romanian": "ăîâşţșț||éöü",
    "croatian, slovenian": "čšž|ćđ|éöü", "lithuanian": "ėšž|ųąįūčę|", "latvian": "āīēšņ|ļūģķžč|",
    "estonian": "äõöü||šž", "turkish": "ıüşğöçİ|â|îû", "greek": "αοιετσνηυρπκμλς|άίήόύώέωγδχθφβ|ξζψϊϋΐΰ",
    "russian": "оеаинтсрвлкмдпу|яыьгзбчйхжшю|цщэфъё", "ukrainian": "оаинтвіресклудм|пьябгзчйхжшїцюфє|щґ'",
    "bulgarian": "аеоитнрсвлкдпм|ъугязбчйжшщцхюф|ь", "serbian": "аиоенрстјувкдмлп|гзбчшцжхљњћф|ђџ",
    "hebrew": "יוהלארמתבש|נדעםחכקפןסטצג|זךץף", "arabic": "ايلمونرتبةعدسفحقكهأ|جشصطخضىءإزئثغذ|ظؤآ",
}  # fmt: skip
# How often a letter of each of the three classes stands in a text, and one that is of no use in the language.
SHARES = (0.02, 0.006, 0.0008)
FOREIGN = 0.000_02
VOWELS = frozenset("aeiouyæøåäöüœáàâãéèêëěėęíìîïıįóòôõőúùûůűųýÿăąāēīūαεηιουωάέήίόύώϊϋΐΰаеёиоуыэюяєіїў")
# How letters sound in a word: a Czech "ř" stands where "ø", a vowel, can't.
COMMON_SIGNS = frozenset("€£§°–—‘’‚“”„«»…•®©™´²³½¼¾·¿¡ºª\u00a0\u00ad†‰‹›№、。・「」（），：")
