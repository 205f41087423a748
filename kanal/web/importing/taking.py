"""Applies the choices on an import's page to the import."""

from typing import Any

from django.http import HttpRequest, QueryDict

from kanal.core import currencies
from kanal.features.importing import mapping, saving, setup
from kanal.features.importing.layout import Layout
from kanal.features.importing.models import Import
from kanal.features.importing.survey import FORMATS, Survey
from kanal.features.importing.values import REST
from kanal.kit.reading.choices import essence
from kanal.kit.reading.encodings import OFFERED
from kanal.kit.reading.ids import id_of

MOST_ASKED = 100
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


def apply_form(request: HttpRequest, run: Import) -> None:
    """Apply the whole form to the import. Raise Invalid with all errors."""
    posted = request.POST
    if is_laid_out_anew(posted, run):
        run.layout = layout_in(posted).as_json()
        setup.configure_import(run)
        run.save()  # direct write: not a record
        return
    table = setup.import_table(run)
    chosen = {head: posted.get(f"column-{place}", "") for place, head in enumerate(table.heads)}
    setup.choose(run, chosen, posted.get("match", ""), posted.get("mode", ""))
    run.clears = posted.get("clears") == "true"
    run.formats = formats_in(posted, run)
    run.unknown = unknown_in(posted, run)
    setup.look(run, table)
    run.save()  # direct write: not a record
    setup.fix(run, fixed_in(posted, run))
    run.save(update_fields=["fixed"])  # direct write: not a record


def is_laid_out_anew(posted: QueryDict, run: Import) -> bool:
    """Return whether the layout has changed."""
    if "header" not in posted:
        return False
    wanted, known = layout_in(posted).as_json(), Layout.of(run.layout).as_json()
    return any(wanted[name] != known[name] for name in wanted if wanted[name] not in ("", None))


def layout_in(posted: QueryDict) -> Layout:
    """Return the chosen layout."""
    encoding = posted.get("encoding", "")
    header = posted.get("header", "")
    return Layout(
        encoding=encoding if encoding in OFFERED else "",
        delimiter=DELIMITERS.get(posted.get("delimiter", ""), ""),
        sheet=posted.get("sheet", ""),
        header=int(header) if header.isascii() and header.isdigit() and len(header) < 6 else None,
    )


def formats_in(posted: QueryDict, run: Import) -> dict[str, dict[str, str]]:
    """Return the chosen formats of columns by field."""
    formats: dict[str, dict[str, str]] = {}
    for key in run.mapping.values():
        for name, values in FORMATS.items():
            if (value := posted.get(f"{name}-{key}", "")) in values:
                formats.setdefault(key, {})[name] = value
    return formats


def unknown_in(posted: QueryDict, run: Import) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the meaning of unknown words: leave, make, or a value. Those not in the form stay unchanged."""
    decisions = {key: dict(words) for key, words in run.unknown.items() if key in run.mapping.values()}
    for key, words in Survey.of(run.survey).words.items() if run.survey else ():
        whole = posted.get(f"unknown-{key}-all")
        if whole is not None:
            decisions.setdefault(key, {}).pop(REST, None)
            decisions[key] |= {REST: {"do": whole}} if whole in ("leave", "make") else {}
        for place, (text, _count) in enumerate(words[:MOST_ASKED]):
            name = f"unknown-{key}-{place}"
            if name in posted:
                decisions.setdefault(key, {}).pop(essence(text), None)
                if decision := decision_in(posted.get(name, ""), posted.get(f"{name}-value", ""), text):
                    decisions[key][essence(text)] = decision
    return decisions


def decision_in(value: str, typed: str, text: str) -> dict[str, Any]:
    """Return the decision on a word, {} if its rows are rejected."""
    if typed.strip():
        return {"do": "use", "value": id_of(typed.strip()) or typed.strip()}
    kind, _colon, what = value.partition(":")
    if kind == "use" and what:
        return {"do": "use", "value": id_of(what) or what}
    return {"do": kind, "text": text} if kind in ("leave", "make") else {}


def fixed_in(posted: QueryDict, run: Import) -> dict[str, Any]:
    """Return the values for all rows by field."""
    fixed: dict[str, Any] = {}
    for key, field in setup.fixable(run).items():
        text = posted.get(f"all-{key}", "").strip()
        fixed[key] = [text] if text and field.type.category in ("relations", "choices") else text
    for key in run.mapping.values():
        name = key + mapping.CURRENCY
        if (code := posted.get(f"all-{name}", "")) in currencies.in_use():
            fixed[name] = code
    return fixed


def save_mapping(request: HttpRequest, run: Import) -> str:
    """Save the setup under a name. Return the name, or "" if there is none."""
    name = request.POST.get("save_as", "").strip()[:80]
    if name:
        is_shared = request.POST.get("share") == "true"
        saving.save_mapping(run, setup.import_table(run).heads, name, is_shared=is_shared)
        run.preset = name
        run.save(update_fields=["preset"])  # direct write: not a record
    return name
