"""vCards 2.1, 3.0 and 4.0 as a table: one row per person or company (IMP-3)."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.features.importing.delimited import decoded
from kanal.features.importing.layout import Layout, Source, Table
from kanal.kit.errors import Invalid
from kanal.kit.reading.encodings import known_name

HEADS = {
    "Title": gettext_lazy("Title"),
    "First name": gettext_lazy("First name"),
    "Last name": gettext_lazy("Last name"),
    "Full name": gettext_lazy("Full name"),
    "Company": gettext_lazy("Company"),
    "Job title": gettext_lazy("Job title"),
    "E-mail": gettext_lazy("E-mail"),
    "Other e-mail": gettext_lazy("Other e-mail"),
    "Phone": gettext_lazy("Phone"),
    "Mobile": gettext_lazy("Mobile"),
    "Website": gettext_lazy("Website"),
    "Street": gettext_lazy("Street"),
    "City": gettext_lazy("City"),
    "Region": gettext_lazy("Region"),
    "Postcode": gettext_lazy("Postcode"),
    "Country": gettext_lazy("Country"),
    "Birthday": gettext_lazy("Birthday"),
    "Comment": gettext_lazy("Comment"),
}
_BEGIN = re.compile(rb"^\s*(?:\xef\xbb\xbf)?BEGIN:VCARD", re.IGNORECASE)
_LINE = re.compile(
    r"(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<parameters>(?:;[^:;\"]*(?:\"[^\"]*\"[^:;\"]*)*)*):(?P<value>.*)", re.DOTALL
)
_PLAIN_NAMES = {"TITLE": "Job title", "URL": "Website", "NOTE": "Comment"}


@dataclass(frozen=True)
class Property:
    """A property of a card: its name, its parameters in uppercase, its value."""

    name: str
    parameters: frozenset[str]
    value: str
    line: int

    def parts(self) -> list[str]:
        """Return the unescaped parts of a structured value."""
        return [strip_escapes(part) for part in re.split(r"(?<!\\);", self.value)]


def is_card(content: bytes) -> bool:
    """Return whether a file is a vCard. UTF-16 is detected by its byte order marks."""
    head = content[:200].replace(b"\x00", b"").lstrip(b"\xff\xfe\xfe\xff")
    return bool(_BEGIN.match(head))


def card_table(content: bytes, layout: Layout) -> Table:
    """Return a table of the cards in a file."""
    text = decoded(content, layout.encoding)
    known = Layout(encoding=text.encoding)
    source = Source(iter(()), known, "vcard", [], text.is_certain, text.is_damaged)
    table = Table([str(label) for label in HEADS.values()], iter(()), source)
    cards = list(cards_of(unfold_lines(text.text)))
    if not cards:
        raise Invalid(_("The file doesn't contain a complete vCard."))
    table.rows = iter([card_row(card) for card in cards])
    return table


def unfold_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the unfolded lines as (number, text)."""
    number, whole = 0, ""
    for place, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        soft = is_quoted(whole) and whole.endswith("=")
        if whole and (line[:1] in (" ", "\t") or soft):
            whole = whole[:-1] + line if soft else whole + line[1:]
            continue
        if whole:
            yield number, whole
        number, whole = place, line
    if whole:
        yield number, whole


def is_quoted(line: str) -> bool:
    """Return whether the value of a line is quoted-printable (vCard 2.1)."""
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def cards_of(lines: Iterator[tuple[int, str]]) -> Iterator[list[Property]]:
    """Yield the properties of each complete card."""
    card: list[Property] | None = None
    for number, line in lines:
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        name = match["name"].upper()
        if name == "BEGIN":
            card = []
        elif name == "END" and card is not None:
            yield card
            card = None
        elif card is not None:
            parameters = frozenset(re.split(r"[;,=\"]", match["parameters"].upper())) - {"", "TYPE"}
            card.append(Property(name, parameters, decode_value(match["value"], match["parameters"]), number))


def decode_value(value: str, parameters: str) -> str:
    """Return a value with quoted-printable decoded."""
    if "QUOTED-PRINTABLE" not in parameters.upper():
        return value
    charset = re.search(r"CHARSET=([\w-]+)", parameters, re.IGNORECASE)
    try:
        encoding = known_name(charset[1]) if charset else "utf-8"
    except Invalid:
        encoding = "utf-8"
    return quopri.decodestring(value.encode()).decode(encoding, "replace")


def strip_escapes(text: str) -> str:
    """Return a text without vCard escapes."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text).strip()


def card_row(card: list[Property]) -> tuple[int, list[str]]:
    """Return the line number of a card and its cells in the order of HEADS."""
    cells = dict.fromkeys(HEADS, "")
    for prop in sorted(card, key=lambda item: "PREF" not in item.parameters):
        for head, text in cells_of(prop, cells).items():
            cells[head] = cells[head] or text
    is_company = any(item.name in ("KIND", "X-ABSHOWAS") and item.value.upper() in ("ORG", "COMPANY") for item in card)
    if is_company and not cells["Company"]:
        cells["Company"] = cells["Full name"]
    if cells["First name"] or cells["Last name"] or is_company:
        cells["Full name"] = ""
    return min((item.line for item in card), default=0), list(cells.values())


def cells_of(prop: Property, cells: dict[str, str]) -> dict[str, str]:
    """Return the cells of a property by header."""
    parts = prop.parts()
    if prop.name == "N":
        last, first, middle, title, suffix = (parts + [""] * 5)[:5]
        return {"Last name": f"{last} {suffix}".strip(), "First name": f"{first} {middle}".strip(), "Title": title}
    if prop.name == "FN":
        return {"Full name": strip_escapes(prop.value)}
    if prop.name == "ORG":
        return {"Company": parts[0]}
    if prop.name == "EMAIL":
        return {"Other e-mail" if cells["E-mail"] else "E-mail": strip_escapes(prop.value).removeprefix("mailto:")}
    if prop.name == "TEL":
        return phone(prop)
    if prop.name == "ADR":
        return address_lines(parts)
    if prop.name == "BDAY":
        return {} if "X-APPLE-OMIT-YEAR" in prop.parameters or prop.value.startswith("--") else {"Birthday": prop.value}
    return {_PLAIN_NAMES[prop.name]: strip_escapes(prop.value)} if prop.name in _PLAIN_NAMES else {}


def phone(prop: Property) -> dict[str, str]:
    """Return a phone number as mobile or other, nothing for a fax."""
    if "FAX" in prop.parameters:
        return {}
    number = strip_escapes(prop.value).removeprefix("tel:")
    return {"Mobile" if "CELL" in prop.parameters else "Phone": number}


def address_lines(parts: list[str]) -> dict[str, str]:
    """Return the parts of a postal address."""
    box, more, street, city, region, postcode, country = (parts + [""] * 7)[:7]
    lines = [line for line in (street.replace("\n", ", "), more, box) if line]
    return {
        "Street": ", ".join(lines), "City": city, "Region": region, "Postcode": postcode, "Country": country,
    }  # fmt: skip
