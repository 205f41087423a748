"""The field of a lead that an incoming name refers to, in any wording of the sender (INTAKE-1)."""

import re
from functools import lru_cache

from kanal.entities.intake.spellings import ASKING, OPEN_NAMES, OTHER_NAMES
from kanal.kit.letters import fold

_NUMBERED = re.compile(r"^q[0-9]+_|(?<=[a-z])[0-9]{1,2}$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_AROUND = re.compile(r"[(\[{*].*$")
MOST_WORDS = 8
# Names of the wording of a consent, which isn't a consent by itself.
WORDING = frozenset(["text", "wording", "description", "label", "statement"])
# The kinds of fields in forms.
KINDS = {
    "email": "email", "input_email": "email", "tel": "phone", "phone": "phone", "phone_number": "phone",
    "input_phone_number": "phone", "control_email": "email", "control_phone": "phone",
}  # fmt: skip


def split_words(name: str) -> list[str]:
    """Return the words of a name, the same ones for "firstName", "first_name" and "First name"."""
    return re.sub(r"[\W_]+", " ", fold(_CAMEL.sub(" ", name))).split()


@lru_cache(maxsize=4096)
def target_field(name: str) -> str:
    """Return the field that a name or question refers to, or ""."""
    if name.startswith("custom."):
        return name
    return _known(_NUMBERED.sub("", name)) or _known(_AROUND.sub("", name))


def _known(name: str) -> str:
    words = split_words(name)
    if not words or len(words) > MOST_WORDS:
        return ""
    if (whole := "_".join(words)) in OPEN_NAMES:
        return whole
    if known_name := OTHER_NAMES.get("".join(words)):
        return known_name
    if words[0] == "consent" and words[-1] in WORDING:
        return "consent_text"
    if words[0] in ("acceptance", "consent", "gdpr") or "".join(words).startswith(("acceptance", "gdpr")):
        return "consent"
    return _asked_for(words)


def _asked_for(words: list[str]) -> str:
    """Return the subject of a question, without the words around it."""
    while words and words[-1] in ASKING:
        words = words[:-1]
    while len(words) > 1 and words[0] in ASKING:
        words = words[1:]
        if known_name := OTHER_NAMES.get("".join(words)):
            return known_name
    return OTHER_NAMES.get("".join(words), "")
