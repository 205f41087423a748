"""Page blocks of an opportunity and a quote: attachments, quotes with their menus, items (QUOTE-2)."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kanal.core import access, registry
from kanal.core.access import permitted_actions, readable, related_records
from kanal.core.entity import Block, Tab
from kanal.entities.quotes.documents import report_of
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.table import quote_table
from kanal.entities.quotes.tokens import explained
from kanal.features.files.actions import files_of, newest_files, version_of
from kanal.kit.errors import Invalid
from kanal.kit.reading.ids import id_of
from kanal.web.action_panel import Control, controls_of

ORDER = (
    "add-items",
    "generate",
    "make-active",
    "make-inactive",
    "currency",
    "edit",
    "duplicate",
    "delete",
    "new-revision",
)
DIALOGS = ("generate", "currency", "delete")


def expanded_quotes(query: QueryDict) -> list[int]:
    """Return the quotes with expanded items."""
    return [pk for text in query.get("items", "").split(",") if (pk := id_of(text))]


def here(opportunity: Any, shown: list[int]) -> str:
    """Return the URL of the opportunity with the items of these quotes expanded."""
    query = f"?{urlencode({'items': ','.join(map(str, shown))}, safe=',')}" if shown else ""
    return f"{opportunity.get_absolute_url()}{query}"


def of_opportunity(opportunity: Any, user: Any, query: QueryDict) -> dict[str, Any]:
    """Return attachments, quotes, and the items of expanded ones."""
    entity = registry.get("quotes")
    quotes = related_records(user, entity, "opportunity", opportunity.pk, ("-is_active", "pk"))
    shown = [pk for pk in expanded_quotes(query) if any(quote.pk == pk for quote in quotes)]
    return {
        "opportunity": opportunity,
        "files": newest_files(user, registry.get("opportunities"), opportunity.pk),
        "rows": [quote_row(quote, opportunity, user, shown) for quote in quotes],
        "tables": [quote_table(quote, user, here(opportunity, shown)) for quote in quotes if quote.pk in shown],
        "may_add": may_add_quote(user, opportunity),
    }


def may_add_quote(user: Any, opportunity: Any) -> bool:
    """Return whether the user may create a quote on an opportunity now."""
    entity = registry.get("opportunities")
    return not opportunity.is_locked and "new_quote" in permitted_actions(user, entity, opportunity, {"new_quote"})


def quote_row(quote: Quote, opportunity: Any, user: Any, shown: list[int]) -> dict[str, Any]:
    """Return the row of a quote, with its menu."""
    is_shown = quote.pk in shown
    others = [pk for pk in shown if pk != quote.pk] if is_shown else [*shown, quote.pk]
    quote.opportunity = opportunity
    back = here(opportunity, sorted({*shown, quote.pk}))
    controls = {control.verb: control for control in controls_of(user, registry.get("quotes"), quote)}
    return {
        "quote": readable(user, quote),
        "toggle": f"{here(opportunity, others)}#quotes",
        "toggle_label": _("Hide") if is_shown else _("Show items"),
        "is_shown": is_shown,
        "menu": [menu_entry(quote, controls[verb], back) for verb in ORDER if verb in controls],
        "activate": controls["make-active"].url if "make-active" in controls else "",
        "back": urlencode({"next": back}),
    }


def menu_entry(quote: Quote, control: Control, back: str) -> dict[str, Any]:
    """Return an entry of a quote's menu: a link, a form, or a dialog."""
    follow = f"{quote.get_absolute_url()}add-items" if control.verb == "edit" else back
    url = f"{control.url}?{urlencode({'next': follow})}"
    how = "link" if control.verb in ("add-items", "edit") else "dialog" if control.verb in DIALOGS else "post"
    return {"label": control.label, "url": url, "how": how, "icon": control.icon, "danger": control.tone == "danger",
            "reason": control.reason}  # fmt: skip


def of_quote(quote: Quote, user: Any, query: QueryDict) -> dict[str, Any]:
    """Return a quote's items."""
    return {"table": quote_table(quote, user, quote.get_absolute_url())}


def of_template(template: Any, user: Any, query: QueryDict) -> dict[str, Any]:
    """Return the reports of a document template's files."""
    return {"reports": reports_of(user, "templates", template.pk)}


def of_price_book(book: Any, user: Any, query: QueryDict) -> dict[str, Any] | None:
    """Return the reports of templates among a price book's files, or None without templates or edit permission."""
    entity = registry.get("price-books")
    reports = reports_of(user, "price-books", book.pk) if access.has_permission(user, entity, "edit", book) else []
    return {"reports": reports} if reports else None


def reports_of(user: Any, key: str, pk: int) -> list[dict[str, Any]]:
    """Return an entry for each Word file of a record."""
    files = files_of(user, registry.get(key), pk)
    return [report_entry(file) for file in files if file.name.lower().endswith(".docx")]


def report_entry(file: Any) -> dict[str, Any]:
    """Return the report of a file's current version, or why it can't be read."""
    try:
        return {"name": file.name, "report": report_of(version_of(file))}
    except Invalid as problem:
        return {"name": file.name, "problem": str(problem)}


def tokens_tab(quote: Quote, user: Any) -> dict[str, Any]:
    """Return every token with its value for a quote."""
    return {"tokens": explained(quote, user, get_language() or "en")}


registry.extend("opportunities", Block("quotes", "quotes/block.html", of_opportunity, tells=()))
registry.extend("quotes", Block("items", "quotes/items_block.html", of_quote, tells=()))
registry.extend("quotes", Tab("tokens", _lazy("Tokens"), "quotes/tokens.html", tokens_tab, tells=()))
registry.extend("templates", Block("report", "quotes/report.html", of_template, tells=()))
registry.extend("price-books", Block("report", "quotes/report.html", of_price_book, tells=()))
