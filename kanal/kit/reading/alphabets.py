"""Non-ASCII letters of the languages of files: frequent | usual | rare, to distinguish encodings."""

from __future__ import annotations

# By language, in lowercase, since texts are compared without case.
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
# The frequency of a letter of each of the three classes, and of one the language doesn't use.
SHARES = (0.02, 0.006, 0.0008)
FOREIGN = 0.000_02
VOWELS = frozenset("aeiouyæøåäöüœáàâãéèêëěėęíìîïıįóòôõőúùûůűųýÿăąāēīūαεηιουωάέήίόύώϊϋΐΰаеёиоуыэюяєіїў")
# The sound of letters in a word: a Czech "ř" can't be where "ø", a vowel, is.
COMMON_SIGNS = frozenset("€£§°–—‘’‚“”„«»…•®©™´²³½¼¾·¿¡ºª\u00a0\u00ad†‰‹›№、。・「」（），：")
