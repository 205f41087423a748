"""The tab with a contract's versions: their start and changes, as visible to the reader (CON-3)."""

from typing import Any

from kanal.core import registry
from kanal.core.access import FieldContext
from kanal.core.history import actor_names
from kanal.web import display


def versions_of(contract: Any, user: Any) -> dict[str, Any]:
    """Return the versions, newest first, each with the differences from the previous one.

    The reason of an amendment is internal: partner users can't read it.
    """
    fields = FieldContext(user, registry.get("contracts")).readable
    versions = list(contract.versions.order_by("number"))
    authors = actor_names(user, (version.made_by_id for version in versions))
    rows, before = [], None
    for version in versions:
        changed = [
            (fields[key], before.terms.get(key) if before else None, value)
            for key, value in version.terms.items()
            if key in fields and before is not None and before.terms.get(key) != value
        ]
        reason = "" if user.is_external else version.reason
        author = authors.get(version.made_by_id, "")
        rows.append({"version": version, "author": author, "reason": reason, "changed": changed})
        before = version
    pairs = [(field, value) for row in rows for field, old, new in row["changed"] for value in (old, new)]
    titles = display.titles_for(user, pairs)
    for row in rows:
        row["changed"] = [
            {
                "label": field.label,
                "old": display.format_history_value(field, old, titles),
                "new": display.format_history_value(field, new, titles),
            }
            for field, old, new in row["changed"]
        ]
    return {"rows": rows[::-1], "shows_reasons": not user.is_external}
