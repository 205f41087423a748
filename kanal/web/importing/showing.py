"""Context of an import's page: columns with samples and formats, values for all rows, unknown words."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import access, currencies, registry
from kanal.core.fields import Field
from kanal.features.importing import mapping, naming, saving, setup
from kanal.features.importing.batch import Work
from kanal.features.importing.layout import Table, spelled
from kanal.features.importing.making import can_make
from kanal.features.importing.models import Import
from kanal.features.importing.survey import Survey
from kanal.features.importing.values import LEFT_EMPTY, REST
from kanal.kit.errors import Invalid
from kanal.kit.reading.choices import essence
from kanal.kit.reading.encodings import OFFERED
from kanal.web.importing.labels import DELIMITER_LABELS, FORMAT_LABELS, encoding_label
from kanal.web.importing.taking import MOST_ASKED
from kanal.web.importing.written import format_raw_value

MOST_OFFERED = 200
SAMPLED = 3


def context_of(run: Import) -> dict[str, Any]:
    """Return the context of an import's page."""
    table = setup.import_table(run)
    rows = list(islice(table.rows, 50))
    survey = Survey.of(run.survey)
    offered = mapping.targets(run.user, registry.get(run.entity))
    work = Work.of(run, table)
    return {
        "run": run,
        "file": file_of(table, survey),
        "columns": [column_of(place, head, rows, run, work, survey) for place, head in enumerate(table.heads)],
        "offered": list(offered.items()),
        "fixed": fixed_of(run, work),
        "unknown": unknown_of(run, work, survey),
        "modes": Import.Mode.choices,
        "matches": [(key, label) for key, label in offered.items() if is_key(key, work.fields)],
        "saved": saving.visible_mappings(run.user, run.entity),
    }


def is_key(key: str, fields: dict[str, Field]) -> bool:
    """Return whether records can be looked up by a field."""
    return key == "id" or (key in fields and fields[key].type.category in ("text", "number", "relation"))


def file_of(table: Table, survey: Survey) -> dict[str, Any]:
    """Return the file's layout and the alternatives."""
    source = table.source
    return {
        "kind": source.kind,
        "rows": survey.rows,
        "layout": source.layout,
        "encodings": [(code, encoding_label(code)) for code in dict.fromkeys([source.layout.encoding, *OFFERED])],
        "delimiters": DELIMITER_LABELS,
        "sheets": source.sheets,
        "is_guessed": bool(source.layout.encoding) and not source.layout.encoding.startswith("utf"),
        "is_damaged": source.is_damaged,
        "left_out": survey.left_out,
        "problems": survey.problems,
    }


def column_of(
    place: int, head: str, rows: list[tuple[int, list[str]]], run: Import, work: Work, survey: Survey
) -> dict[str, Any]:
    """Return a column: its first texts, its field, its formats and the parsed values."""
    key = run.mapping.get(head, "")
    kind = work.reader.kind(key)
    texts = list(dict.fromkeys(spelled(cells[place], kind) for _line, cells in rows if cells[place]))[:SAMPLED]
    forms = [format_of(key, name, guess, run) for name, guess in survey.formats.get(key, {}).items()]
    shown = [entry for entry in forms if entry["is_open"] or entry["value"]]
    samples = [sample(text, key, work) if survey.formats.get(key) else {"text": text} for text in texts]
    return {"place": place, "head": head, "samples": samples, "key": key, "formats": shown}


def format_of(key: str, name: str, guess: dict[str, Any], run: Import) -> dict[str, Any]:
    """Return a format of a column: the chosen or detected one, and whether the user must choose."""
    chosen = run.formats.get(key, {}).get(name, "")
    return {
        "name": f"{name}-{key}",
        "options": FORMAT_LABELS[name],
        "value": chosen or guess["value"],
        "is_open": bool(guess["ambiguous"]) and not chosen,
        "ambiguous": guess["ambiguous"],
    }


def sample(text: str, key: str, work: Work) -> dict[str, str]:
    """Return a text of a column with its parsed value."""
    field = work.fields[key]
    try:
        cells = [""] * len(work.table.heads)
        value = work.reader.value(key, text, cells)
        return {"text": text, "value": format_raw_value(field, value)}
    except (Invalid, ValueError) as problem:
        return {"text": text, "problem": str(problem)}


def fixed_of(run: Import, work: Work) -> list[dict[str, Any]]:
    """Return the fields that can be set for all rows, for the page."""
    entries = []
    for key, field in setup.fixable(run).items():
        is_full = key in run.mapping.values()
        value = run.fixed.get(key, "")
        value = value[0] if isinstance(value, list) and value else value
        entries.append(
            {"key": key, "label": field.label, "required": field.required and not is_full, "value": str(value or ""),
             "options": options_of(field, run.user), "help": _("Where the column is empty.") if is_full else ""}
        )  # fmt: skip
    for key in dict.fromkeys(run.mapping.values()):
        if key in work.fields and work.fields[key].type.category == "money":
            name = key + mapping.CURRENCY
            label = _("%(field)s (currency)") % {"field": work.fields[key].label}
            codes = [(code, code) for code in currencies.in_use()]
            entries.append({"key": name, "label": label, "value": run.fixed.get(name, ""), "options": codes})
    return entries


def options_of(field: Field, user: Any) -> list[tuple[str, Any]] | None:
    """Return the choices of a field: its options, or the records if there are few. None means free text."""
    if field.type.category in ("choice", "choices"):
        return [(option.key, option.label) for option in field.options() if option.active]
    if field.type.category not in ("relation", "relations"):
        return None
    target = registry.get(field.target)
    records = access.choosable(user, target).order_by(target.title)
    if target.scope.in_use:
        records = records.filter(**{target.scope.in_use: True})
    rows = list(records.values_list("pk", target.title)[: MOST_OFFERED + 1])
    return [(str(pk), title) for pk, title in rows] if len(rows) <= MOST_OFFERED else None


def unknown_of(run: Import, work: Work, survey: Survey) -> list[dict[str, Any]]:
    """Return the file's unknown words and names by field."""
    groups = []
    for key, words in survey.words.items():
        if key not in work.fields:
            continue
        field = work.fields[key]
        rows = [
            {"text": text, "count": count, "name": f"unknown-{key}-{place}", **chosen_for(run, key, text)}
            for place, (text, count) in enumerate(words[:MOST_ASKED])
            if is_unknown(field, text, work, [word for word, _count in words])
        ]
        if rows:
            makes = can_make(run.user, field)
            rest = run.unknown.get(key, {}).get(REST, {}).get("do", "")
            groups.append(
                {"key": key, "label": field.label, "rows": rows, "options": options_of(field, run.user), "makes": makes,
                 "rest": rest, "name": f"unknown-{key}-all"}
            )  # fmt: skip
    return groups


def chosen_for(run: Import, key: str, text: str) -> dict[str, str]:
    """Return the choice for a word, as used by the page's select."""
    chosen = run.unknown.get(key, {}).get(essence(text), {})
    value = f":{chosen['value']}" if chosen.get("do") == "use" else ""
    return {"chosen": f"{chosen.get('do', '')}{value}", "typed": str(chosen.get("value", ""))}


def is_unknown(field: Field, text: str, work: Work, words: Iterable[str]) -> bool:
    """Return whether a text matches no option or record. All texts of a column are looked up in one query."""
    if field.type.category in ("relation", "relations"):
        naming.look_up(field, words, work.run.user, work.context)
    reader = work.reader
    unknown, reader.unknown = reader.unknown, {}
    try:
        value = reader.value(field.key, text, [""] * len(work.table.heads))
        field.clean(
            None if value is LEFT_EMPTY else value, access.clean_context(work.run.user, cache=work.context.cache)
        )
    except (Invalid, ValueError):
        return True
    finally:
        reader.unknown = unknown
    return False
