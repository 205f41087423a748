"""Pages of prices: those of a product or bundle in its books, and the products of a bundle with weights."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from kanal.core import registry, writes
from kanal.core.access import FieldContext, get_for, require, visible_to
from kanal.entities.pricebooks import actions
from kanal.entities.pricebooks.models import Bundle, PriceBook
from kanal.kit.errors import Invalid, KanalError
from kanal.kit.reading.ids import id_of
from kanal.web import forms
from kanal.web.form import defaults_for, sections_for
from kanal.web.http import actor_of, go

OVERVIEW = "price_book,product,bundle,amount,price,recurrence,brand,product_version,valid_from,valid_to,updated_at"

COLUMNS = ("amount", "unit", "price", "recurrence", "brand", "product_version", "valid_from", "valid_to")
ITEM_COLUMNS = ("product", "amount", "weight")


@dataclass
class Row:
    """A row of fields in a form. `key` is the id of a stored record, or `new1` and so on."""

    key: str
    group: int
    entries: list[forms.Entry]


def form_row(entity_key: str, columns: tuple[str, ...], key: str, record: Any, group: int, user: Any) -> Row:
    """Return a row of fields for a record, or with the defaults of a new one."""
    fields = FieldContext(user, registry.get(entity_key)).readable
    entries = []
    for name in columns:
        if name not in fields:
            continue
        field = fields[name]
        usual = field.default() if callable(field.default) else field.default
        value = field.get(record) if record is not None else usual
        entries.append(forms.build_entry(field.but(key=f"{name}-{key}"), value))
    forms.fill_titles(entries, user)
    return Row(key, group, entries)


def read_row(row: Row, posted: QueryDict) -> dict[str, Any]:
    """Return a row's raw values for the write path, and keep them in the row."""
    form = forms.Form([forms.Group("", row.entries)])
    values = forms.read_form(form, posted)
    if any(entry.errors for entry in row.entries):
        raise Invalid({entry.name: entry.errors for entry in row.entries if entry.errors})
    data = {name.rpartition("-")[0]: value for name, value in values.items()}
    return data | ({"id": pk} if (pk := id_of(row.key)) else {})


def posted_rows(
    request: HttpRequest, entity_key: str, columns: tuple[str, ...], there: dict[int, Any]
) -> tuple[list[Row], list[dict[str, Any]], list[str]]:
    """Return the submitted rows for display, their values, and unreadable input."""
    rows, values, problems = [], [], []
    does = request.POST.get("do", "save") if request.method == "POST" else ""
    for mark in request.POST.getlist("row"):
        key, _colon, group = mark.partition(":")
        if does == f"drop:{key}" or (group and id_of(group) is None):
            continue
        row = form_row(entity_key, columns, key, there.get(id_of(key) or 0), id_of(group) or 0, request.user)
        rows.append(row)
        try:
            values.append(read_row(row, request.POST) | ({"price_book": id_of(group)} if group else {}))
        except Invalid as problem:
            problems += [str(text) for text in problem.messages()]
    return rows, values, problems


def refuse(rows: list[Row], problem: Invalid) -> list[str]:
    """Add errors to their fields. Return those without a field."""
    errors = []
    for key, field_errors in problem.errors.items():
        place, _dot, name = key.partition(".")
        texts = [str(text) for text in field_errors]
        number = id_of(place)
        row = rows[number] if number is not None and number < len(rows) else None
        entry = (
            next((candidate for candidate in row.entries if candidate.name == f"{name}-{row.key}"), None)
            if row
            else None
        )
        if entry:
            entry.errors = texts
        errors += texts
    return errors


def product_prices(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and save a product's prices in its price books (PB-5)."""
    return prices(request, "products", pk)


def bundle_prices(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and save a bundle's prices in its price book."""
    return prices(request, "bundles", pk)


def prices(request: HttpRequest, entity_key: str, pk: int) -> HttpResponse:
    """Show the prices by book. "Add" adds an empty row, "Update" saves all."""
    thing = get_for(request.user, registry.get(entity_key), pk, "edit")
    there = {price.pk: price for price in actions.prices_for(thing, request.user)}
    does, problems = request.POST.get("do", "save"), []
    if request.method == "POST":
        rows, values, problems = posted_rows(request, "prices", COLUMNS, there)
        if does == "save" and not problems:
            try:
                actions.save_prices(thing, values, by=actor_of(request))
                messages.success(request, _("The prices were saved."))
                return go(request, thing.get_absolute_url())
            except KanalError as problem:
                problems = refuse(rows, problem) if isinstance(problem, Invalid) else [str(problem)]
        if does.startswith("add:") and (book := id_of(does[4:])):
            new = sum(1 for row in rows if id_of(row.key) is None) + 1
            rows.append(form_row("prices", COLUMNS, f"new{new}", None, book, request.user))
    else:
        rows = [
            form_row("prices", COLUMNS, str(key), price, price.price_book_id, request.user)
            for key, price in there.items()
        ]
    context = {
        "thing": thing,
        "books": shelves(request, thing, rows),
        "problems": problems,
        "entity": registry.get(entity_key),
    }
    return render(request, "pricebooks/prices.html", context, status=422 if problems else 200)


def shelves(request: HttpRequest, thing: Any, rows: list[Row]) -> list[dict[str, Any]]:
    """Return the books with their rows: those with prices, and those just added."""
    named = request.POST.getlist("books") or request.GET.get("books", "").split(",")
    ids = {number for value in named if (number := id_of(value))} | {row.group for row in rows}
    if isinstance(thing, Bundle):
        ids = {thing.price_book_id}
    books = visible_to(request.user, registry.get("price-books")).filter(pk__in=ids).order_by("name")
    return [{"book": book, "rows": [row for row in rows if row.group == book.pk]} for book in books]


def add_books(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose price books for a product. Each becomes a section of its prices."""
    product = get_for(request.user, registry.get("products"), pk, "edit")
    books = visible_to(request.user, registry.get("price-books")).filter(is_active=True).order_by("name")
    taken = set(PriceBook.objects.filter(prices__product=product).values_list("pk", flat=True))
    if request.method == "POST":
        chosen = [value for value in request.POST.getlist("price_book") if id_of(value)]
        return go(request, f"{product.get_absolute_url()}prices?books={','.join(chosen)}")
    template = "pricebooks/add_books.html"
    if request.headers.get("HX-Request") == "true":
        template += "#fragment"
    return render(request, template, {"product": product, "books": books, "taken": taken})


def import_items(request: HttpRequest, pk: int) -> HttpResponse:
    """Redirect to the import of prices with the book set for all rows (PB-9)."""
    book = get_for(request.user, registry.get("price-books"), pk, "edit")
    return go(request, f"/{registry.get('prices').path}/import?price_book={book.pk}")


def new_bundle(request: HttpRequest) -> HttpResponse:
    """Create a bundle with its products and their weights (PB-7)."""
    require(request.user, registry.get("bundles"), "add")
    return bundle_form(request, None)


def edit_bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a bundle with its products and their weights."""
    return bundle_form(request, get_for(request.user, registry.get("bundles"), pk, "edit"))


def bundle_form(request: HttpRequest, bundle: Bundle | None) -> HttpResponse:
    """Show and process the form of a bundle."""
    entity = registry.get("bundles")
    sections = sections_for(request.user, entity, None)
    fields = [field for _title, group in sections for field in group]
    values = {field.key: field.get(bundle) for field in fields} if bundle else defaults_for(request, entity, fields)
    form = forms.build_form(sections, values, request.user)
    there = {item.pk: item for item in bundle.items.all()} if bundle else {}
    does = request.POST.get("do", "save") if request.method == "POST" else ""
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        rows, items, form.problems = posted_rows(request, "bundle-items", ITEM_COLUMNS, there)
        if does == "save" and not form.problems:
            made = save_bundle(request, form, bundle, typed, items)
            if made:
                return go(request, made.get_absolute_url())
    else:
        forms.prefill(form, request.GET)
        rows = [form_row("bundle-items", ITEM_COLUMNS, str(key), item, 0, request.user) for key, item in there.items()]
    if does == "add" or not rows:
        new = sum(1 for row in rows if id_of(row.key) is None) + 1
        rows.append(form_row("bundle-items", ITEM_COLUMNS, f"new{new}", None, 0, request.user))
    forms.fill_titles([entry for row in rows for entry in row.entries] + form.entries, request.user)
    context = {"form": form, "rows": rows, "bundle": bundle, "entity": entity}
    return render(request, "pricebooks/bundle.html", context, status=422 if form.summary else 200)


def save_bundle(request: HttpRequest, form: forms.Form, bundle: Bundle | None, typed: Any, items: Any) -> Bundle | None:
    """Store the bundle and its rows in one transaction. Add errors to the form and return None on failure."""
    by, wanted = actor_of(request), [item for item in items if item.get("product")]
    try:
        with transaction.atomic():
            made = (
                writes.change(bundle, typed, by=by) if bundle else writes.create(registry.get("bundles"), typed, by=by)
            )
            actions.save_items(made, wanted, by=by)
    except Invalid as problem:
        form.refuse(problem)
        return None
    except KanalError as problem:
        form.problems.append(str(problem))
        return None
    return made


def home(request: HttpRequest) -> HttpResponse:
    """Redirect to the price books."""
    return go(request, registry.get("price-books").home)


def price_overview(request: HttpRequest) -> HttpResponse:
    """Redirect to the list of all prices in all books, which can be filtered, grouped, sorted and exported (PB-8)."""
    return go(request, f"{registry.get('prices').list_url}?{urlencode({'filter': '', 'columns': OVERVIEW})}")
