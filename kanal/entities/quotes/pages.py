"""Pages of quotes: a new one, its items, document and currency. Adding items is in product_picker.py."""

from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import currencies, registry, writes
from kanal.core.access import get_for
from kanal.entities.opportunities.rules import refuse_if_locked
from kanal.entities.pricebooks.models import PriceBook
from kanal.entities.pricebooks.required import required_of
from kanal.entities.quotes import actions, documents, editing
from kanal.entities.quotes.currency import change_currency, without_price
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.rules import Line
from kanal.entities.quotes.table import (
    Row,
    amount_text,
    as_post,
    as_typed,
    hidden_in_rows,
    number_text,
    quote_table,
    strip_hidden,
    totals_of,
    typed_rows,
)
from kanal.kit.documents import makes_pdf
from kanal.kit.errors import Invalid, KanalError, Refused
from kanal.kit.numbers import parse_decimal
from kanal.kit.reading.ids import id_of
from kanal.web import forms
from kanal.web.fieldtypes.presenter import language
from kanal.web.http import actor_of, go, next_of, wants_fragment


def quote_for(request: HttpRequest, pk: int, action: str) -> Quote:
    """Return a quote with its opportunity, checked by the access layer."""
    return get_for(request.user, registry.get("quotes"), pk, action)


def render_page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return a page, or the fragment requested by a dialog."""
    fragment = wants_fragment(request)
    return render(
        request, f"{template}#fragment" if fragment else template, context, status=200 if fragment else status
    )


def new_quote(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a quote: version, name, currency, brand, and fields required by the price book (QUOTE-1, first step)."""
    opportunity = get_for(request.user, registry.get("opportunities"), pk, "new_quote")
    refuse_if_locked(opportunity, request.user)
    books = list(actions.offered_books(opportunity, request.user))
    chosen = chosen_book(request, books)
    form = quote_form(request, opportunity, chosen)
    versions = list(chosen.product_versions.filter(is_active=True)) if chosen else []
    version = request.POST.get("product_version") or (
        str(max(candidate.pk for candidate in versions)) if versions else ""
    )
    if request.method == "POST" and request.POST.get("do") != "book":
        typed = forms.read_form(form, request.POST)
        try:
            values = {**typed, "price_book": chosen.pk if chosen else None, "product_version": version or None}
            made = actions.new_quote(opportunity, values, by=actor_of(request))
            return go(
                request, f"{made.get_absolute_url()}add-items?next={opportunity.get_absolute_url()}?items={made.pk}"
            )
        except Invalid as problem:
            form.refuse(problem)
    context = {"opportunity": opportunity, "form": form, "books": books, "book": chosen, "versions": versions,
               "version": version}  # fmt: skip
    return render(request, "quotes/new.html", context, status=422 if form.summary else 200)


def chosen_book(request: HttpRequest, books: list[PriceBook]) -> PriceBook | None:
    """Return the chosen price book: the only one, or by default the first. None if left empty."""
    wanted = request.POST.get("price_book", request.GET.get("price_book"))
    if wanted == "":
        return None
    return next((book for book in books if str(book.pk) == wanted), books[0] if books else None)


def quote_form(request: HttpRequest, opportunity: Any, book: PriceBook | None) -> forms.Form:
    """Build the form of a new quote, with the opportunity's currency as the default."""
    from kanal.core.access import FieldContext

    fields = FieldContext(request.user, registry.get("quotes")).writable
    brands = list(book.brands.filter(is_active=True)) if book else []
    asked = [
        "name",
        "currency",
        *(["brand"] if brands or not book else []),
        "start",
        "due",
        "valid_until",
        "contract_start",
    ]
    required = set(required_of(book) if book else ())
    shown = [
        fields[key].but(required=key in ("name", "currency") or (key == "brand" and bool(brands))) for key in asked
    ]
    shown += [
        field.but(required=field.required or field.name in required) for field in fields.values() if field.is_custom
    ]
    brand = brands[0].pk if len(brands) == 1 else None
    currency = writes.currency_of(registry.get("opportunities"), opportunity)
    values = {"name": opportunity.name, "currency": currency, "brand": brand}
    return forms.build_form([(_("Quote"), shown)], values, request.user)


def items(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the items table of a quote. Save it, or change its rows without saving."""
    quote = quote_for(request, pk, "edit")
    back = next_of(request, quote.get_absolute_url())
    table = quote_table(quote, request.user, back)
    if request.method == "POST":
        does = request.POST.get("do", "save")
        if does == "save":
            return save(request, quote, table)
        table.rows = changed_rows(request, does)
        table.is_changed = True
        recompute(quote, table, request.user)
    template = "quotes/table.html" if wants_fragment(request) else "quotes/items.html"
    return render(request, template, {"table": table, "quote": quote, "opportunity": quote.opportunity})


def recompute(quote: Quote, table: Any, user: Any) -> None:
    """Recompute the rows of an unsaved table. Show unreadable values beside their row."""
    texts = as_post(table.rows)
    rows, errors = typed_rows(texts)
    for place, row_errors in errors.items():
        table.rows[place].errors += row_errors
    try:
        all_figures, totals, _lines = editing.preview_rows(
            quote, [{} if place in errors else row for place, row in enumerate(rows)]
        )
    except Invalid as problem:
        refuse(table, problem)
        return
    for row, line_figures in zip(table.rows, all_figures, strict=True):
        row.values["total"] = amount_text(line_figures.total, quote.currency)
    table.totals = totals_of(totals, quote, user)


def save(request: HttpRequest, quote: Quote, table: Any) -> HttpResponse:
    """Store the submitted rows. Show the table again with errors."""
    rows, errors = typed_rows(request.POST)
    try:
        if errors:
            raise Invalid({f"items.{place}.": messages for place, messages in errors.items()})
        editing.save_items(quote, {"items": rows}, by=actor_of(request))
    except (Invalid, Refused) as problem:
        table.rows = as_typed(request.POST, request.POST.getlist("row"))
        refuse(table, problem)
        context = {"table": table, "quote": quote, "opportunity": quote.opportunity}
        return render(request, "quotes/items.html", context, status=422)
    messages.success(request, _("The items were saved."))
    return go(request, table.back)


def refuse(table: Any, problem: KanalError) -> None:
    """Show errors beside their rows."""
    if not isinstance(problem, Invalid):
        table.problems.append(str(problem))
        return
    for key, field_errors in problem.errors.items():
        place = key.split(".")[1] if key.startswith("items.") else ""
        texts = [str(text) for text in field_errors]
        number = id_of(place) if place else None
        if number is not None and number < len(table.rows):
            row = table.rows[number]
            row.errors += texts
            table.problems += [f"{row.values.get('name') or place}: {text}" for text in texts]
        else:
            table.problems += texts


def changed_rows(request: HttpRequest, does: str) -> list[Row]:
    """Add or remove a row of an unsaved table."""
    keys = request.POST.getlist("row")
    verb, _colon, dropped = does.partition(":")
    rows = as_typed(request.POST, [key for key in keys if not (verb == "drop" and key == dropped)])
    kind = {"add": "hand", "round": "rounding", "section": "section"}.get(verb)
    if kind:
        key = next(f"new{number}" for number in count(1) if f"new{number}" not in keys)
        rows.append(new_row(key, kind))
    return rows


def new_row(key: str, kind: str) -> Row:
    """Return an empty row."""
    from kanal.entities.quotes.pricing_rows import default_tax

    name = {"rounding": _("Rounding"), "section": _("Section")}.get(kind, "")
    values = {"kind": kind, "name": name, "amount": "1", "discount_kind": "percent", "recurrence": "one_off",
              "step": "1" if kind == "rounding" else "", "tax_percent": number_text(default_tax(None))}  # fmt: skip
    return Row(key, values)


def preview_quote(request: HttpRequest, pk: int) -> JsonResponse:
    """Return the figures of submitted rows, computed on the server without storing anything."""
    quote = quote_for(request, pk, "edit")
    rows, errors = typed_rows(request.POST)
    keys = request.POST.getlist("row")
    if errors:
        return JsonResponse({"errors": {keys[place]: texts for place, texts in errors.items()}}, status=422)
    try:
        all_figures, totals, lines = editing.preview_rows(quote, rows)
    except Invalid as problem:
        return JsonResponse({"reason": str(problem)}, status=422)
    items = {item.pk: item for item in quote.items.all()}
    hidden = hidden_in_rows(request.user)
    shown = {
        key: strip_hidden(
            hidden,
            shown_row(line, line_figures.total, quote.currency, follows(row, line, items.get(row.get("id") or 0))),
        )
        for key, row, line_figures, line in zip(keys, rows, all_figures, lines, strict=True)
    }
    sums = {key: text for key, _label, text in totals_of(totals, quote, request.user)}
    return JsonResponse({"rows": shown, "totals": sums})


def follows(row: dict[str, Any], line: Line, item: Any) -> Decimal | None:
    """Return a row's price if it's the book's instead of the submitted one."""
    is_typed = item is None or row.get("unit_price") != row.get("book_price", row.get("unit_price"))
    return None if is_typed or row.get("book_price") is None else line.unit_price


def shown_row(line: Line, total: Decimal, currency: str, price: Decimal | None) -> dict[str, str]:
    """Return the control values of a computed row. `price` is the book's, if the row follows it."""
    is_percent = line.discount_amount is None
    discount = line.discount_percent if is_percent else line.discount_amount
    kind = "percent" if is_percent else "amount"
    text = number_text(discount) if is_percent else amount_text(discount, currency)
    shown = {"total": amount_text(total, currency), "discount": text, "discount_kind": kind}
    if price is not None:
        shown |= {name: amount_text(price, currency) for name in ("unit_price", "book_price")}
    return shown


def generate(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a template and generate the document (DOC-3)."""
    quote = quote_for(request, pk, "generate")
    templates = documents.templates_for(quote, request.user)
    problem = ""
    if request.method == "POST":
        try:
            documents.generate_by_id(quote, request.POST.dict(), by=actor_of(request))
            messages.success(request, _("The document was attached to the opportunity."))
            if not makes_pdf():
                messages.warning(request, _("No PDF: LibreOffice is not installed on this server."))
            return go(request, next_of(request, quote.opportunity.get_absolute_url()))
        except (Invalid, Refused) as refusal:
            problem = str(refusal)
    context = {"quote": quote, "opportunity": quote.opportunity, "templates": templates, "problem": problem,
               "next": next_of(request, "")}  # fmt: skip
    return render_page(request, "quotes/generate.html", context, 422 if problem else 200)


def currency(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a quote's currency. Items without a price in it are listed, to be removed or priced (QUOTE-4)."""
    quote = quote_for(request, pk, "currency")
    code, problem, missing = request.POST.get("currency", quote.currency), "", []
    if request.method == "POST":
        prices = {
            key[6:]: str(text) for key, text in request.POST.items() if key.startswith("price-") and str(text).strip()
        }
        try:
            entered = {item: parse_decimal(text, language()) for item, text in prices.items()}
            values = {"currency": code, "remove": request.POST.getlist("remove"), "prices": entered}
            with transaction.atomic():
                change_currency(quote, values, by=actor_of(request))
            return go(request, next_of(request, quote.get_absolute_url()))
        except (Invalid, Refused) as refusal:
            problem, missing = str(refusal), without_price(quote, code)
    context = {"quote": quote, "opportunity": quote.opportunity, "codes": currencies.in_use(), "code": code,
               "problem": problem, "missing": missing, "next": next_of(request, "")}  # fmt: skip
    return render_page(request, "quotes/currency.html", context, 422 if problem else 200)
