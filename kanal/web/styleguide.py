"""The style guide: each component in light and dark side by side, with its markup."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

THEMES = ("light", "dark")
COLORS = ("red", "orange", "amber", "lime", "green", "teal", "cyan", "blue", "indigo", "purple", "pink", "gray")
COMPANIES = ("ACME Corporation", "Bergen Maskin AS", "Čapek & Sons", "Delta Logistics GmbH", "Écoles du Sud")


@dataclass(frozen=True)
class Part:
    """A section of the guide: its template's name, a title, a sentence on usage, and whether samples are stacked."""

    key: str
    title: str
    note: str = ""
    stacked: bool = False

    @property
    def template(self) -> str:
        """Return the path of the sample's template."""
        return f"styleguide/parts/{self.key}.html"

    @property
    def source(self) -> str:
        """Return the sample's markup for display."""
        return get_template(self.template).template.source  # type: ignore[attr-defined]


PARTS = (
    Part(
        "colors",
        "Colours and type",
        "Tokens in tokens.css; a colour is a palette name or a hex value. Text never takes the colour.",
    ),
    Part(
        "buttons",
        "Buttons",
        "kind: primary, danger, ghost, link. label: the name of an icon-only button. reason: disabled, says why.",
    ),
    Part(
        "labels",
        "Statuses, tags, people",
        "c-status, c-tag, c-avatar, c-person, c-filter-chip; saved filters are .saved-tag.",
    ),
    Part("inputs", "Inputs", "Bare elements are styled: a framework's plain widgets need no class."),
    Part(
        "pickers", "Pickers", 'A select with data-picker; data-url answers {"items": [{"id", "label", "hint"}]} to ?q=.'
    ),
    Part(
        "form",
        "Form",
        "c-form-field takes a bound field. The summary takes the focus; its links lead to the fields.",
        stacked=True,
    ),
    Part(
        "menus",
        "Menus and dialogs",
        "c-menu with c-menu-item; data-dialog-url fetches a fragment made with c-dialog-form.",
    ),
    Part("tabs", "Tabs, breadcrumb, pager", "Tabs are links with role=tab; arrow keys move along them.", stacked=True),
    Part(
        "cards",
        "Cards, facts, figures",
        "c-card, c-section (folds) with c-fact, c-figures with c-figure.",
        stacked=True,
    ),
    Part(
        "table",
        "Table",
        "Sticky head, 36 px rows, selection, context menu, inline edit, columns dragged by their head.",
        stacked=True,
    ),
    Part(
        "board",
        "Board",
        "data-board with data-move-url; by mouse, touch, and Space, arrows, Space, Escape.",
        stacked=True,
    ),
    Part("timeline", "Timeline", "c-timeline with c-timeline-item; icons and colours say the kind."),
    Part(
        "feedback", "Answers", 'Alerts, toasts, progress, skeletons; HX-Trigger: {"toast": {"text", "kind", "undo"}}.'
    ),
    Part("empty", "Empty states", "art: list, search, board, file, chart, done, lock."),
)


class SampleForm(forms.Form):
    """A form that shows plain fields, with and without errors."""

    name = forms.CharField(label=_("Name"), max_length=80)
    mail = forms.EmailField(label=_("E-mail"), help_text=_("Where quotes are sent."), initial="kim@example")
    due = forms.DateField(label=_("Due date"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    size = forms.ChoiceField(label=_("Size"), choices=[("s", _("Small")), ("l", _("Large"))])
    text = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    active = forms.BooleanField(label=_("Active"), required=False)


def sample_errors(form: forms.Form) -> list[dict[str, str]]:
    """Return a form's errors as c-error-summary expects them: label, id, text."""
    return [
        {"label": str(form[name].label), "id": form[name].id_for_label, "text": str(text)}
        for name, texts in form.errors.items()
        for text in texts
    ]


def _frame() -> dict[str, object]:
    link = {"url": "#", "icon": "building", "label": _("Accounts")}
    sidebar = [
        ("user-plus", _("Leads")),
        ("target-arrow", _("Opportunities")),
        ("building", _("Accounts")),
        ("id", _("Personal contacts")),
        ("heart-handshake", _("Partners")),
        ("speakerphone", _("Campaigns")),
    ]
    groups: list[tuple[object, list[object]]] = [
        (_("Platform"), ["CRM", _("Projects"), _("Tasks")]),
        (_("Accounts"), [_("Favourite accounts"), _("Account groups")]),
    ]
    return {
        "sidebar": {
            "title": "CRM",
            "items": [
                {"label": label, "icon": icon, "url": f"#{icon}", "active": i == 1, "count": 12 if i == 1 else ""}
                for i, (icon, label) in enumerate(sidebar)
            ],
        },
        "menu": [{"heading": head, "items": [{**link, "label": label} for label in labels]} for head, labels in groups],
        "add_menu": [{"label": _("New lead"), "icon": "user-plus", "url": "#new"}],
        "user_menu": [{"label": _("Your profile"), "icon": "user-circle", "url": "#me"}],
        "user_name": "Kim Larsen",
    }


def _samples() -> dict[str, object]:
    forms_by_theme = []
    for theme in THEMES:
        form = SampleForm({"mail": "kim@example", "size": "s"}, auto_id=f"{theme}_%s")
        forms_by_theme.append({"name": theme, "form": form, "errors": sample_errors(form)})
    return {
        "parts": PARTS,
        "themes": forms_by_theme,
        "colors": COLORS,
        "companies": COMPANIES,
        "choices": [("", "–"), *((name, name) for name in COMPANIES)],
        "chosen": [{"id": 1, "label": COMPANIES[0]}, {"id": 2, "label": COMPANIES[1]}],
        "chosen_one": [{"id": 1, "label": COMPANIES[0]}],
        "tabs": [
            {"label": _("Overview"), "url": "#", "active": True},
            {"label": _("Sales activities"), "url": "#", "count": 4},
            {"label": _("Quotes"), "url": "#", "count": 2},
            {"label": _("History"), "url": "#"},
        ],
        "trail": [{"label": "CRM", "url": "#"}, {"label": _("Opportunities"), "url": "#"}],
        "currencies": ["EUR", "NOK", "USD"],
    }


def _found(query: str) -> JsonResponse:
    matches = [(i, name) for i, name in enumerate(COMPANIES, 1) if query.lower() in name.lower()]
    return JsonResponse({"items": [{"id": i, "label": name, "hint": f"#{1000 + i}"} for i, name in matches]})


def _posted(request: HttpRequest) -> HttpResponse:
    if request.POST.get("value") == "won":
        return HttpResponse(_("Only a sold opportunity is won."), status=409, content_type="text/plain")
    return HttpResponse(status=204)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in both themes. `?picker=` and `?fragment=` serve the samples that load content."""
    if "picker" in request.GET:
        return _found(request.GET.get("q", ""))
    if request.method == "POST":
        return _posted(request)
    fragment = request.GET.get("fragment")
    if fragment in ("dialog", "cell", "menu", "record"):
        return render(request, f"styleguide/fragments/{fragment}.html", _frame() if fragment == "record" else {})
    return render(request, "styleguide/index.html", {**_samples(), **_frame()})
