"""Scan of a file: its row count, the formats of its columns, and the names and words it contains."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kanal.core.fields import Field
from kanal.features.importing.layout import NUMBERS, Table, spelled
from kanal.features.importing.mapping import places
from kanal.kit.reading.characters import is_nothing
from kanal.kit.reading.columns import Understood, date_order_of, decimal_sign_of, percent_scale_of
from kanal.kit.reading.dates import ORDERS
from kanal.kit.reading.numbers import SIGNS
from kanal.kit.reading.percent import SCALES

# The formats of a column, and the options for each.
FORMATS = {"decimal_sign": SIGNS, "order": ORDERS, "scale": SCALES}
MOST_TEXTS = 20_000
DATES = ("date", "datetime")
PICKED = ("choice", "choices", "relation", "relations")


@dataclass
class Survey:
    """The result of scanning the whole file.

    `formats` is {key: {format: Understood as a dict}}, `words` {key: [[text, count]]} of choices and relations,
    most frequent first.
    """

    rows: int = 0
    formats: dict[str, dict[str, Any]] = field(default_factory=dict)
    words: dict[str, list[list[Any]]] = field(default_factory=dict)
    problems: int = 0
    left_out: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Survey":
        """Return the survey from stored JSON."""
        return cls(**stored)

    def as_json(self) -> dict[str, Any]:
        """Return the survey as JSON values."""
        return asdict(self)


def survey(table: Table, mapping: Mapping[str, str], fields: Mapping[str, Field]) -> Survey:
    """Scan all rows of a file."""
    columns = places(table.heads, dict(mapping))
    asked = {key: columns[key] for key in columns if key in fields and is_asked(fields[key])}
    texts: dict[str, dict[str, int]] = {key: {} for key in asked}
    result = Survey()
    for _line, cells in table.rows:
        result.rows += 1
        for key, own in asked.items():
            text = cells[own[0]] if len(own) == 1 else " ".join(cells[place] for place in own)
            text = spelled(text, fields[key].type.key)
            known = texts[key]
            if text and (text in known or len(known) < MOST_TEXTS):
                known[text] = known.get(text, 0) + 1
    for key, counts in texts.items():
        if fields[key].type.category in PICKED:
            result.words[key] = [[text, count] for text, count in sorted(counts.items(), key=lambda item: -item[1])]
        else:
            stated = [text for text in counts if not is_nothing(text)]
            result.formats[key] = formats_of(fields[key].type.key, stated)
    result.problems, result.left_out = len(table.problems), table.left_out[:50]
    return result


def is_asked(field: Field) -> bool:
    """Return whether the texts of a field's column must be known before they're read."""
    return field.type.key in NUMBERS + DATES or field.type.category in PICKED


def formats_of(kind: str, texts: Iterable[str]) -> dict[str, Any]:
    """Return the detected formats of a column: decimal sign, date order, scale."""
    if kind in DATES:
        return {"order": as_dict(date_order_of(texts))}
    sign = decimal_sign_of(texts)
    formats = {"decimal_sign": as_dict(sign)}
    if kind == "percent":
        formats["scale"] = as_dict(percent_scale_of(texts, sign.value or None))
    return formats


def as_dict(understood: Understood) -> dict[str, Any]:
    """Return the format as JSON values."""
    return {
        "value": understood.value, "ambiguous": list(understood.ambiguous), "evidence": list(understood.evidence),
        "unreadable": list(understood.unreadable),
    }  # fmt: skip


def chosen_formats(report: Survey, chosen: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the format of each column: the user's choice or the detected one."""
    return {
        key: {name: (chosen.get(key) or {}).get(name) or form["value"] for name, form in forms.items()}
        for key, forms in report.formats.items()
    }


def open_questions(report: Survey, chosen: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return the columns whose format must be chosen, as (key, format)."""
    return [
        (key, name)
        for key, forms in report.formats.items()
        for name, form in forms.items()
        if form["ambiguous"] and not (chosen.get(key) or {}).get(name)
    ]
