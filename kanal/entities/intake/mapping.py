"""The page of a source's mapping: a table filled from the last posts, with a trial that stores nothing (INTAKE-1)."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import registry, writes
from kanal.core.access import get_for
from kanal.entities.intake import bodies, rules
from kanal.entities.intake.changes import CHANGES
from kanal.entities.intake.checking import check_mapping
from kanal.entities.intake.conditions import lead_entries, why_ignored
from kanal.entities.intake.incoming import incoming
from kanal.entities.intake.models import RawPost
from kanal.entities.intake.senders import SENDERS
from kanal.entities.intake.understanding import Understood, open_fields, understand_by
from kanal.entities.intake.values import shown
from kanal.kit.errors import Invalid
from kanal.web.http import actor_of, go

MOST_POSTS, SPARE_ROWS = 10, 3
CHANGE_LABELS = {
    "trim": gettext_lazy("Trim spaces"), "lower": gettext_lazy("Lowercase"),
    "upper": gettext_lazy("Uppercase"), "title": gettext_lazy("Capitalize words"),
    "first_word": gettext_lazy("First word"), "rest": gettext_lazy("All but the first word"),
    "last_word": gettext_lazy("Last word"), "digits": gettext_lazy("Digits only"),
    "one_line": gettext_lazy("On one line"),
}  # fmt: skip
OPERATORS = {
    "is": gettext_lazy("is"), "not": gettext_lazy("is not"), "contains": gettext_lazy("contains"),
    "empty": gettext_lazy("is empty"), "set": gettext_lazy("is given"),
}  # fmt: skip


@dataclass
class Row:
    """A row of the table: an incoming name, the target field, the transformation, and an example."""

    source: str = ""
    target: str = ""
    change: str = ""
    sample: str = ""
    presumed: str = ""


@dataclass
class Trial:
    """The result of a post: the lead's values by label, or the reason why there is none."""

    values: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    reason: str = ""


def mapping_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a source's mapping with its result for the last post, and store it."""
    entity = registry.get("intake-sources")
    source = get_for(request.user, entity, pk, "edit")
    posts = list(RawPost.objects.filter(source=source).order_by("-id")[:MOST_POSTS])
    mapping, problems = dict(source.field_mapping or {}), []
    if request.method == "POST":
        mapping = {**mapping, **read_mapping(request.POST, mapping)}
        if not request.POST.get("preset"):
            mapping.pop("preset", None)
        if request.POST.get("then") == "save":
            try:
                writes.change(source, {"field_mapping": mapping}, by=actor_of(request))
                return go(request, entity.url(source.pk))
            except Invalid as problem:
                problems = [str(message) for message in problem.messages()]
    body = body_of(request, posts)
    tried = trial_context(mapping, source.consent_text, body)
    if request.POST.get("part") == "trial":
        return render(request, "intake/mapping_lead.html", tried)
    context = {
        **tried, **rows_context(mapping, body), "entity": entity, "record": source, "title": _("Mapping"),
        "problems": problems, "posts": posts, "body": body[0], "here": request.path,
        "address": request.build_absolute_uri(f"/api/v1/intake/{source.key}"),
        "chosen": request.POST.get("post", ""), "cancel": entity.url(source.pk),
        "trail": [{"label": entity.plural, "url": entity.list_url}, {"label": str(source), "url": entity.url(pk)}],
    }  # fmt: skip
    is_refused = bool(problems or (tried["refused"] and request.method == "POST"))
    return render(request, "intake/mapping.html", context, status=422 if is_refused else 200)


def trial_context(mapping: dict[str, Any], consent_text: str, body: tuple[str, str]) -> dict[str, Any]:
    """Return the result of a body with a mapping, or why it can't be tried."""
    if not body[0]:
        return {"trials": [], "refused": ""}
    try:
        check_mapping(mapping, open_fields())
        return {"trials": dry_run(mapping, consent_text, *body), "refused": ""}
    except ValueError as problem:
        return {"trials": [], "refused": str(problem)}
    except Invalid as problem:
        return {"trials": [], "refused": " ".join(str(message) for message in problem.messages())}


def rows_context(mapping: dict[str, Any], body: tuple[str, str]) -> dict[str, Any]:
    """Return the content of the tables' rows."""
    return {
        "rows": mapping_rows(mapping, sample_of(mapping, *body)), "targets": targets(),
        "changes": CHANGE_LABELS.items(),
        "senders": [(key, sender.label) for key, sender in SENDERS.items()], "mapping": mapping,
        "operators": OPERATORS.items(), "fixed": fixed_of(mapping), "conditions": conditions_of(mapping),
    }  # fmt: skip


def body_of(request: HttpRequest, posts: list[RawPost]) -> tuple[str, str]:
    """Return the body to try and its content type: pasted, chosen from the last ones, or the newest."""
    pasted = request.POST.get("body", "").strip()
    chosen = next((post for post in posts if str(post.pk) == request.POST.get("post")), None)
    is_shown = chosen is not None and request.POST.get("shown") == str(chosen.pk)
    if pasted and (chosen is None or is_shown):
        return pasted, "application/json" if pasted[:1] in "[{" else "application/x-www-form-urlencoded"
    chosen = chosen or next((post for post in posts if bytes(post.body).strip()), None)
    if chosen is None:
        return "", "application/json"
    try:
        items, is_list = bodies.read_body(bytes(chosen.body), chosen.content_type)
    except (bodies.UnreadableError, bodies.TooManyLeads):
        return bodies.shown(bytes(chosen.body)), chosen.content_type
    return json.dumps(items if is_list else items[0], ensure_ascii=False, indent=2), "application/json"


def items_of(mapping: dict[str, Any], body: str, kind: str) -> list[Any]:
    """Return the leads of a body. Raise Invalid if it can't be parsed."""
    try:
        items, is_list = bodies.read_body(body.encode(), kind)
    except (bodies.UnreadableError, bodies.TooManyLeads) as problem:
        raise Invalid(str(problem)) from None
    return items if is_list else lead_entries(mapping, items[0]) or items


def sample_of(mapping: dict[str, Any], body: str, kind: str) -> dict[str, Any]:
    """Return the first lead of a body as an example, or an empty one."""
    try:
        first = items_of(mapping, body, kind)[0]
    except Invalid:
        return {}
    return first if isinstance(first, dict) else {}


def dry_run(mapping: dict[str, Any], consent_text: str, body: str, kind: str) -> list[Trial]:
    """Return the results for the first leads of a body, without storing them."""
    return [trial_of(mapping, consent_text, item) for item in items_of(mapping, body, kind)[:3]]


def trial_of(mapping: dict[str, Any], consent_text: str, data: Any) -> Trial:
    """Return the result for one lead of a body."""
    if not isinstance(data, dict):
        return Trial(reason=_("This entry of the list is not an object."))
    if reason := why_ignored(mapping, data):
        return Trial(reason=reason)
    understood: Understood = understand_by(mapping, consent_text, data)
    fields = open_fields()
    values = [(str(fields[key].label), shown(value)) for key, value in understood.values.items() if key in fields]
    return Trial(values, understood.notes, understood.answers, understood.why_aside())


def mapping_rows(mapping: dict[str, Any], sample: dict[str, Any]) -> list[Row]:
    """Return the rows of the table: mapped names, unmapped incoming names, and spare rows."""
    came = {entry.path: entry for entry in incoming(sample)}
    presumed = {path: key for key, path in rules.map_post(mapping, sample).origins.items()}
    rows = [
        Row(
            entry["from"],
            entry["to"],
            first_change(entry.get("do") or []),
            shown(rules.dig(sample, entry["from"]) or ""),
        )
        for entry in mapping.get("fields", [])
    ]
    known = {row.source for row in rows}
    labels = dict(targets())
    rows += [
        Row(path, "", "", shown(entry.value)[:80], str(labels.get(presumed.get(path, ""), "")))
        for path, entry in came.items()
        if path not in known
    ]
    return rows + [Row() for _number in range(SPARE_ROWS)]


def targets() -> list[tuple[str, str]]:
    """Return the fields of a lead with labels, and the full name, which is split."""
    fields = [(key, str(field.label)) for key, field in open_fields().items()]
    return [("full_name", _("Full name (split)")), *sorted(fields, key=lambda pair: pair[1].lower())]


def fixed_of(mapping: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the rows of fixed values as texts, with a spare one."""
    return [*((key, str(value)) for key, value in mapping.get("fixed", {}).items()), ("", "")]


def conditions_of(mapping: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of conditions, with a spare one."""
    conditions = [{"when": key, **condition} for key in ("only_if", "ignore_if") for condition in mapping.get(key, [])]
    return [*conditions, {"when": "ignore_if", "field": "", "op": "is", "value": ""}]


def read_mapping(posted: QueryDict, stored: dict[str, Any]) -> dict[str, Any]:
    """Return the submitted mapping. Unchanged values that the page only shows in part stay as stored."""
    fixed = zip(posted.getlist("fixed_field"), posted.getlist("fixed_value"), strict=False)
    columns = [posted.getlist(f"condition_{name}") for name in ("when", "field", "op", "value")]
    mapping: dict[str, Any] = {
        "fields": fields_in(posted, stored),
        "fixed": {key: fixed_value(key, text, stored) for key, text in fixed if key and text},
    }
    for when, name, op, value in zip(*columns, strict=False):
        if name.strip() and when in ("only_if", "ignore_if"):
            mapping.setdefault(when, []).append({"field": name.strip(), "op": op, "value": value})
    more = {"preset": posted.get("preset", ""), "list": posted.get("list", "").strip(),
            "decimal_sign": posted.get("decimal_sign", "")}  # fmt: skip
    return {"only_if": [], "ignore_if": [], **mapping, **more}


def fields_in(posted: QueryDict, stored: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the submitted rows. Additional transformations of a stored row are kept after the first."""
    known = {(entry["from"], entry["to"]): entry.get("do") or [] for entry in stored.get("fields", [])}
    rows = []
    for source, target, change in zip(*(posted.getlist(name) for name in ("from", "to", "do")), strict=False):
        if not (source.strip() and target):
            continue
        changes = known.get((source.strip(), target), [])
        if change != first_change(changes):
            changes = [change] if change in CHANGES else []
        rows.append({"from": source.strip(), "to": target, **({"do": changes} if changes else {})})
    return rows


def first_change(changes: list[str]) -> str:
    """Return the transformation shown on the page."""
    return changes[0] if changes else ""


def fixed_value(key: str, text: str, stored: dict[str, Any]) -> Any:
    """Return a fixed value: the stored one, which may not be text, if its text on the page is unchanged."""
    known = stored.get("fixed", {}).get(key)
    return known if known is not None and str(known) == text else text
