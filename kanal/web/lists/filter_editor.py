"""A filter in a form: chips that read as a sentence, with a dialog for each, and the text that the form stores."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from kanal.core import access, registry
from kanal.core.context import current_context
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.filters import FilterType
from kanal.core.query import FilterContext, QueryError, condition, format_filter, from_json, parse, to_json
from kanal.kit.errors import Invalid, NotFound
from kanal.web.fieldtypes import Entry, Presenter, presents
from kanal.web.lists import filter_text, filtering, parts
from kanal.web.lists.state import LONGEST

ID = re.compile(r"[A-Za-z][\w.\-]{0,80}", re.ASCII)


@dataclass(frozen=True)
class FilterEditor:
    """A filter of records of a type in a form: `text` is the value of the control `name`, whose id is `id`."""

    entity: Entity
    reader: FilterContext
    text: str
    name: str
    id: str
    described_by: str = ""
    is_open: bool = False

    @cached_property
    def problem(self) -> str:
        """Return what is wrong with the text, or an empty text."""
        try:
            condition(parse(self.text), self.entity, self.reader)
        except QueryError as problem:
            return str(problem)
        return ""

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """Return the conditions as chips with the URLs that change them. A text that can't be parsed has none."""
        chips = filter_text.chips_of(filtering.node_of(self.text), self.entity, self.reader) if self.text else []
        return [
            {
                "chips": [
                    {
                        "chip": chip,
                        "edit": self.url("condition", place=str(chip.place)),
                        "remove": self.url("editor", filter=chip.rest),
                    }
                    for chip in part
                ],
                "add": self.url("condition", place=str(parts.Place(part[0].place.part, len(part)))),
            }
            for part in chips
        ]

    @property
    def target(self) -> str:
        """Return the selector of the element that a changed filter replaces."""
        return f"#{self.id.replace('.', '-')}-editor"

    @property
    def add_url(self) -> str:
        """Return the URL of the dialog for another condition."""
        return self.url("condition")

    @property
    def text_url(self) -> str:
        """Return the URL of the editor for the text that is entered."""
        return f"/filters/{self.entity.key}/editor?{urlencode({'by': 'text', 'name': self.name, 'id': self.id})}"

    def url(self, page: str, **values: str) -> str:
        """Return the URL of the editor or its dialog."""
        pairs = {"filter": self.text, "name": self.name, "id": self.id, **values}
        return f"/filters/{self.entity.key}/{page}?{urlencode(pairs)}"


def editor_of(request: HttpRequest, key: str, **changes: str) -> FilterEditor:
    """Return the editor that a request is about. Raise NotFound if there can't be one."""
    entity = registry.find(key)
    given = {name: request.GET.get(name, "") for name in ("filter", "name", "id")} | changes
    if entity is None or not access.has_permission(request.user, entity, "view") or not ID.fullmatch(given["id"]):
        raise NotFound
    text = given["filter"].replace("\x00", "")[: LONGEST + 1]
    return FilterEditor(entity, FilterContext(request.user), text, given["name"][:80], given["id"])


def editor_page(request: HttpRequest, key: str) -> HttpResponse:
    """Return the editor with another text: one that was entered, or one without a condition."""
    editor = editor_of(request, key)
    if request.GET.get("by") == "text":
        editor = replace(editor_of(request, key, filter=request.GET.get(editor.name, "")), is_open=True)
    return render(request, "pages/filters/editor.html", {"editor": editor})


def editor_dialog(request: HttpRequest, key: str) -> HttpResponse:
    """Show the dialog of a condition. The editor with the changed filter takes the place of the one in the form."""
    editor = editor_of(request, key)
    action = editor.url("condition", place=request.GET.get("place", ""))

    def to_form(text: str) -> HttpResponse:
        response = render(request, "pages/filters/editor.html", {"editor": editor_of(request, key, filter=text)})
        response["HX-Retarget"], response["HX-Reswap"] = editor.target, "outerHTML"
        response["HX-Trigger"] = "dialog:close"
        return response

    return filtering.condition_dialog(request, editor.entity, editor.text, action, to_form)


@presents(FilterType)
class FilterPresenter(Presenter):
    """A filter, shown as a sentence and entered by chips."""

    control = "filter"
    is_wide = True
    is_bulky = True
    has_inline_form = False

    def text(self, field: Field, value: Any) -> str:
        """Return the filter as a sentence for the current user."""
        entity = registry.find(field.over)
        try:
            node = from_json(value or {})
        except QueryError as problem:
            return str(problem)
        reader = FilterContext(current_context().user)
        return filter_text.sentence_of(node, entity, reader) if entity else format_filter(node)

    def editor(self, entry: Entry) -> SafeString:
        """Render the editor of a form's field, for the current user."""
        reader, note = FilterContext(current_context().user), f"{entry.id}-note" if entry.has_notes else ""
        editor = FilterEditor(registry.get(entry.field.over), reader, entry.text, entry.name, entry.id, note)
        return render_to_string("pages/filters/editor.html", {"editor": editor})

    def typed(self, field: Field, value: Any) -> str:
        """Return the filter as text, or "" if it's invalid."""
        try:
            return format_filter(from_json(value or {}))
        except QueryError:
            return ""

    def parse(self, field: Field, posted: Any, name: str) -> Any:
        """Return the filter as a tree. Raise Invalid with the reason if its text can't be parsed."""
        try:
            return to_json(parse(posted.get(name, "")))
        except QueryError as problem:
            raise Invalid.on(field.key, str(problem)) from None
