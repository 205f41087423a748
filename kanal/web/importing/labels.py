"""Labels of encodings, delimiters and formats."""

from django.utils.translation import gettext_lazy as _

FORMAT_LABELS = {
    "decimal_sign": [(",", _("1.234,56 – comma before decimals")), (".", _("1,234.56 – point before decimals"))],
    "order": [
        ("dmy", _("31/12/2026 – day first")),
        ("mdy", _("12/31/2026 – month first")),
        ("ymd", _("26-12-31 – year first")),
    ],
    "scale": [("percent", _("50 is 50 %")), ("fraction", _("0.5 is 50 %"))],
}
DELIMITER_LABELS = [
    ("comma", ",", _("Comma (,)")),
    ("semicolon", ";", _("Semicolon (;)")),
    ("tab", "\t", _("Tab")),
    ("bar", "|", _("Bar (|)")),
]
_ENCODINGS = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16 LE", "utf-16-be": "UTF-16 BE",
    "cp1252": _("Western European (Windows-1252)"), "cp1250": _("Central European (Windows-1250)"),
    "iso8859-2": _("Central European (ISO 8859-2)"), "cp1251": _("Cyrillic (Windows-1251)"),
    "koi8-r": _("Cyrillic (KOI8-R)"), "cp1253": _("Greek (Windows-1253)"), "cp1254": _("Turkish (Windows-1254)"),
    "cp1257": _("Baltic (Windows-1257)"), "cp850": _("Western European (DOS 850)"),
    "koi8-u": _("Cyrillic (KOI8-U)"), "iso8859-5": _("Cyrillic (ISO 8859-5)"), "cp1255": _("Hebrew (Windows-1255)"),
    "cp1256": _("Arabic (Windows-1256)"), "cp932": _("Japanese (Shift JIS)"), "euc-jp": _("Japanese (EUC-JP)"),
    "gb18030": _("Chinese, simplified (GB 18030)"), "big5": _("Chinese, traditional (Big5)"),
    "euc-kr": _("Korean (EUC-KR)"),
    "cp852": _("Central European (DOS 852)"), "cp866": _("Cyrillic (DOS 866)"),
    "mac-roman": _("Western European (Mac)"),
    "iso8859-1": _("Western European (ISO 8859-1)"), "iso8859-15": _("Western European (ISO 8859-15)"),
}  # fmt: skip


def encoding_label(code: str) -> object:
    """Return the label of an encoding."""
    return _ENCODINGS.get(code, code)
