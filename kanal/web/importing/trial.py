"""The result of a trial: counts, rejected rows, and changes with values before and after."""

from typing import Any

from kanal.core import access, registry
from kanal.features.importing.models import Import
from kanal.web.importing.written import format_raw_value, titles_for


def trial_of(run: Import) -> dict[str, Any]:
    """Return the result of an import's trial, with the names of related records."""
    fields = access.FieldContext(run.user, registry.get(run.entity)).writable
    trial = run.trial
    values = [
        (key, value) for _line, _pk, changes in trial["changed"] for key, pair in changes.items() for value in pair
    ]
    values += [pair for _line, row in trial["made"] for pair in row.items()]
    titles = titles_for(run.user, fields, values)
    return {
        **trial,
        "kind": "warning" if trial["refused_count"] else "success",
        "changed": [
            {"line": line, "pk": pk, "differences": [
                (fields[key].label, *(format_raw_value(fields[key], value, titles) for value in (old, new)))
                for key, (old, new) in changes.items() if key in fields]}
            for line, pk, changes in trial["changed"]
        ],
        "made": [
            {"line": line, "values": [
                (fields[key].label, format_raw_value(fields[key], value, titles)) for key, value in row.items()
                if key in fields and value not in (None, "", [])]}
            for line, row in trial["made"]
        ],
    }  # fmt: skip
