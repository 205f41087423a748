"""Adding items to a quote from the project's price books: selection, review, rows (QUOTE-1)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import get_for, visible_to
from kanal.entities.opportunities.rules import refuse_if_locked
from kanal.entities.pricebooks.models import Bundle, Price, PriceBook, Product, Recurrence, Unit
from kanal.entities.pricebooks.pricing import Found, Wanted, offers, price_of
from kanal.entities.pricebooks.rules import best_price, per_unit
from kanal.entities.quotes import actions
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.permissions import hidden_parts
from kanal.entities.quotes.pricing_rows import books_of, wanted_by
from kanal.kit.errors import Invalid, Refused
from kanal.kit.money import Money, round_to_currency
from kanal.kit.numbers import format_money, parse_decimal
from kanal.kit.reading.ids import id_of
from kanal.web.fieldtypes.presenter import language
from kanal.web.http import actor_of, go, next_of


@dataclass
class Choice:
    """A product or bundle to add. `key` is `p12` for price 12, `b3` for bundle 3."""

    key: str
    name: str
    code: str
    unit: str
    recurrence: str
    price: Decimal
    currency: str
    amount: str = "1"
    is_picked: bool = False
    error: str = ""
    is_bundle: bool = False
    hidden: frozenset[str] = frozenset()

    def limited(self, hidden: frozenset[str]) -> "Choice":
        """Return the choice without parts hidden from the user (ACC-6)."""
        texts: dict[str, Any] = dict.fromkeys(hidden & {"code", "unit", "recurrence"}, "")
        return replace(self, hidden=hidden, **texts)

    @property
    def price_text(self) -> str:
        """Return the formatted unit price, or "" if hidden."""
        if "price" in self.hidden:
            return ""
        return format_money(self.price, self.currency, language())

    @property
    def number(self) -> Decimal:
        """Return the parsed amount."""
        return parse_decimal(self.amount or "1", language())

    @property
    def total(self) -> Money:
        """Return the price of the amount."""
        return Money(round_to_currency(self.price * self.number, self.currency), self.currency)

    @property
    def total_text(self) -> str:
        """Return the formatted price of the amount, or "" if hidden."""
        if "total" in self.hidden:
            return ""
        return format_money(self.total.amount, self.currency, language())


def choices_in(wanted: Wanted, search: str, hidden: frozenset[str]) -> list[Choice]:
    """List the choices in a book: each product once per unit and recurrence, by its lowest step."""
    choices = []
    for offer in offers(wanted, search, by_code="code" not in hidden):
        kinds: dict[tuple[int | None, str], list[Price]] = {}
        for price in offer.prices:
            kinds.setdefault((price.unit_id, price.recurrence), []).append(price)
        for prices in kinds.values():
            price = best_price(prices, **wanted.rule()) or prices[0]
            choices.append(choice_of(price, offer.thing))
        if not offer.prices and isinstance(offer.thing, Bundle):
            choices.append(choice_of_sum(offer.thing, offer.price, wanted.currency))
    return [choice.limited(hidden) for choice in choices]


def choice_of(price: Price, thing: Any) -> Choice:
    """Return a price as a choice."""
    unit = unit_of(thing, price.unit)
    return Choice(
        f"p{price.pk}", thing.name, thing.code, unit, often(price.recurrence), per_unit(price), price.currency,
        is_bundle=isinstance(thing, Bundle),
    )  # fmt: skip


def choice_of_sum(bundle: Bundle, price: Found, currency: str) -> Choice:
    """Return a bundle as a choice, with the sum of its products' prices."""
    unit, recurrence = unit_of(bundle, None), often(price.recurrence)
    return Choice(
        f"b{bundle.pk}", bundle.name, bundle.code, unit, recurrence, price.unit_price, currency, is_bundle=True
    )


def unit_of(thing: Product | Bundle, unit: Unit | None) -> str:
    """Return the unit of a price, else that of the product or bundle."""
    named = unit or thing.default_unit
    return named.label if named else ""


def often(recurrence: str) -> str:
    """Return the label of a recurrence, "" if it's one-off."""
    return "" if recurrence == Recurrence.ONE_OFF else str(Recurrence(recurrence).label)


def picked(request: HttpRequest, wanted: Wanted, books: list[PriceBook]) -> list[Choice]:
    """Return the selected choices with their amounts."""
    choices, hidden = [], hidden_parts(request.user)
    for key in dict.fromkeys(request.POST.getlist("pick")):
        kind, number = key[:1], id_of(key[1:])
        if number is None:
            continue
        amount = request.POST.get(f"amount-{key}", "1").strip() or "1"
        choice = choice_by(kind, number, wanted, readable(amount), books)
        if choice is not None:
            choices.append(replace(choice.limited(hidden), amount=amount, is_picked=True))
    return choices


def readable(amount: str) -> Decimal:
    """Parse an amount. Return 1 if invalid, which is rejected later."""
    try:
        return max(parse_decimal(amount, language()), Decimal(0)) or Decimal(1)
    except Invalid:
        return Decimal(1)


def choice_by(kind: str, pk: int, wanted: Wanted, amount: Decimal, books: list[PriceBook]) -> Choice | None:
    """Return the choice for a key from the available books, at the price of the step reached by the amount."""
    if kind == "p":
        price = Price.objects.select_related("product", "bundle", "unit").filter(pk=pk, price_book__in=books).first()
        if price is None:
            return None
        choice, thing = choice_of(price, price.thing()), price.thing()
        reached = price_of(
            thing, replace(wanted, book=price.price_book_id), amount, recurrence=price.recurrence, unit=price.unit_id
        )
        choice.price = reached.unit_price if reached else choice.price
        return choice
    bundle = Bundle.objects.filter(pk=pk, price_book__in=books).first()
    bundle_price = price_of(bundle, wanted, amount) if bundle else None
    if bundle is None or bundle_price is None:
        return None
    return choice_of_sum(bundle, bundle_price, wanted.currency)


def check_amounts(chosen: list[Choice]) -> bool:
    """Return whether all amounts are valid. Show errors beside the others."""
    for choice in chosen:
        try:
            if choice.number <= 0:
                choice.error = _("Enter a number greater than 0.")
        except Invalid as problem:
            choice.error = str(problem)
    return not any(choice.error for choice in chosen)


def add_items(request: HttpRequest, pk: int) -> HttpResponse:
    """Select, review, add. "Back" returns to the selection. The quote remains when the user leaves."""
    quote: Quote = get_for(request.user, registry.get("quotes"), pk, "add_items")
    refuse_if_locked(quote.opportunity, request.user)
    wanted, books = wanted_for(request, quote)
    does = request.POST.get("do", "")
    chosen = picked(request, wanted, books)
    problem = ""
    is_valid = check_amounts(chosen)
    if does in ("next", "submit") and not is_valid:
        does = ""
    if does == "submit":
        try:
            return submit(request, quote, chosen)
        except (Invalid, Refused) as refusal:
            problem, does = str(refusal), "next"
    search = request.POST.get("q", "").strip()
    keys, hidden = {choice.key for choice in chosen}, hidden_parts(request.user)
    context = {
        "quote": quote, "opportunity": quote.opportunity, "chosen": chosen, "books": books, "book": wanted.book,
        "others": [row for row in choices_in(wanted, search, hidden) if row.key not in keys] if does != "next" else [],
        "search": search, "problem": problem, "next": next_of(request, ""), "leave": leave_to(request, quote),
        "total": total_of(chosen, quote) if chosen and is_valid and "total" not in hidden else "",
        "hidden": hidden, "span": 5 - len(hidden & {"unit", "recurrence", "price"}),
    }  # fmt: skip
    return render(request, "quotes/review.html" if does == "next" else "quotes/choose.html", context)


def wanted_for(request: HttpRequest, quote: Quote) -> tuple[Wanted, list[PriceBook]]:
    """Return the criteria for prices: the quote's book, or another one selected from the project."""
    wanted = wanted_by(quote)
    permitted = visible_to(request.user, registry.get("price-books"))
    books = list(permitted.filter(pk__in=books_of(quote)).order_by("name"))
    book = request.POST.get("price_book", "")
    usual = wanted.book if any(candidate.pk == wanted.book for candidate in books) else None
    switched = next((candidate.pk for candidate in books if str(candidate.pk) == book), usual)
    return replace(wanted, book=switched), books


def leave_to(request: HttpRequest, quote: Quote) -> str:
    """Return the next URL: the opportunity with the quote's items expanded."""
    return next_of(request, f"{quote.opportunity.get_absolute_url()}?items={quote.pk}")


def total_of(chosen: list[Choice], quote: Quote) -> str:
    """Return the total of the selected rows."""
    total = sum((choice.total.amount for choice in chosen), Decimal(0))
    return format_money(total, quote.currency, language())


def submit(request: HttpRequest, quote: Quote, chosen: list[Choice]) -> HttpResponse:
    """Add the selection."""
    items = [
        {"price" if choice.key[0] == "p" else "bundle": int(choice.key[1:]), "amount": str(choice.number)}
        for choice in chosen
    ]
    if items:
        actions.add_items(quote, {"items": items}, by=actor_of(request))
    return go(request, leave_to(request, quote))
