"""Requirements of a price book for quotes: open to the project, one of its brands and versions, its fields (PB-2)."""

from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.pricebooks.pricing import books_for
from kanal.entities.pricebooks.required import missing_in
from kanal.entities.quotes.models import Quote
from kanal.kit.errors import Invalid

CHOICES = {"price_book", "brand", "product_version"}


def refuse_misfit(quote: Any, changed: set[str]) -> None:
    """Raise Invalid for a new or changed quote that doesn't match its price book.

    A copy keeps the values of its original, even if the book has changed since.
    """
    asked = quote.pk is None or changed & CHOICES or any(key.startswith("custom.") for key in changed)
    if quote.price_book_id is None or not asked or is_as_another(quote):
        return
    refuse_closed_book(quote)
    errors: dict[str, list[Any]] = {}
    for key, rows, is_asked in (
        ("brand", quote.price_book.brands, lambda number: number > 0),
        ("product_version", quote.price_book.product_versions, lambda number: number > 1),
    ):
        if problem := wrong_choice(quote, key, rows, is_asked):
            errors[key] = [problem]
    for name in missing_in(quote.price_book, quote.custom):
        errors[f"custom.{name}"] = [_("This field is required.")]
    if errors:
        raise Invalid(errors)


def is_as_another(quote: Any) -> bool:
    """Return whether another quote of the opportunity has the same book, brand, version and fields."""
    same = {f"{key}_id": getattr(quote, f"{key}_id") for key in CHOICES}
    others = Quote.objects.filter(opportunity=quote.opportunity_id, **same).exclude(pk=quote.pk)
    return any(other.custom == quote.custom for other in others.only("custom"))


def refuse_closed_book(quote: Any) -> None:
    """Raise Invalid for a price book that isn't open to the opportunity's project.

    A book already used by this or another of its quotes remains valid, even if it has been closed since.
    """
    book = quote.price_book_id
    if books_for(quote.opportunity.project_id).filter(pk=book).exists():
        return
    if not Quote.objects.filter(opportunity=quote.opportunity_id, price_book=book).exists():
        raise Invalid.on("price_book", _("This price book is not open to the opportunity's project."))


def wrong_choice(quote: Any, key: str, rows: Any, is_asked: Any) -> str:
    """Return the error for a chosen or missing brand or version, or ""."""
    there, chosen = set(rows.values_list("pk", flat=True)), getattr(quote, f"{key}_id")
    if chosen is None:
        return _("This field is required.") if is_asked(len(there)) else ""
    if there and chosen not in there:
        return _("This is not available in the price book “%(book)s”.") % {"book": quote.price_book.name}
    return ""
