"""Removes secrets and personal data from logs (SEC-2). The rest still describes what went wrong and where."""

import re
from typing import Any

MASK = "[removed]"
SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)?|secret|token|api_?key|authori[sz]ation|cookie|session|csrf|credential|signature|otp|(^|_)key$",
    re.IGNORECASE,
)
QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|“[^”]*”|«[^»]*»")
NAME = re.compile(r"[a-z][a-z0-9]*(?:[_.][a-z0-9_.]+)+|[A-Z][A-Za-z]+Error")
WORDS = r"password|secret|token|cookie|sessionid|csrf\w*|api_?key"
MASKS = (
    (re.compile(r"(?m)^\s*(DETAIL|CONTEXT|LINE \d+|Failing row contains)\b.*$"), rf"\1: {MASK}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {MASK}"),
    (re.compile(r"\bkanal_[\w-]{16,}"), MASK),
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@]+@"), rf"\1:{MASK}@"),
    (re.compile(r"(/intake/)[^\s/?]+"), rf"\1{MASK}"),
    (re.compile(r"(/login/(?:password|e-mail)/)[^\s?]+"), rf"\1{MASK}"),
    (re.compile(rf"(?i)\b(\w*(?:{WORDS}))(\s*[=:]\s*)[^\s,;&]+"), rf"\1\2{MASK}"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), MASK),
    (re.compile(r"\+\d[\d ()-]{6,}\d"), MASK),
    (re.compile(r"\b[\w-]{40,}\b"), MASK),
)  # fmt: skip


def redacted(value: Any, name: str = "") -> Any:
    """Return a value for logging, with secrets masked by their name or format."""
    if name and SECRET_NAME.search(name):
        return MASK
    if isinstance(value, dict):
        return {str(key): redacted(item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [redacted(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


def without_values(text: str) -> str:
    """Mask quoted parts of an exception's message, which may be user input. Names of columns are retained."""
    return redacted(QUOTED.sub(lambda match: match[0] if NAME.fullmatch(match[0][1:-1]) else MASK, text))
