"""PERF-11: a quote's document from a template, with 50 items, in the warm sandbox."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bench.results import Budget, Result
from bench.run import Run, viewers
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.tokens import context_of
from kanal.kit import documents

ITEMS = 50


def item(number: int) -> dict[str, Any]:
    """Return the tokens of an item, as in a quote."""
    price = Decimal(100 + number)
    return {
        "position": number, "kind": "product", "code": f"P-{number}", "name": f"Product {number}",
        "description": "As agreed, with delivery and instruction", "amount": Decimal(2), "unit": "pcs",
        "unit_price": price, "discount": "", "tax": Decimal(19), "total": 2 * price, "value": 2 * price,
        "term_months": None, "recurrence": "", "is_optional": False,
    }  # fmt: skip


def maker() -> Callable[[], bytes]:
    """Return a function that reads a quote with its related data and creates its document."""
    quote = Quote.objects.order_by("pk").first()
    if quote is None:
        raise LookupError("The data set has no quote.")
    template, user = documents.default_template(), viewers()["director"]

    def make() -> bytes:
        context = context_of(quote, user=user, language="en")
        return documents.render(template, {**context, "items": [item(place + 1) for place in range(ITEMS)]}, "en")

    return make


def quote(run: Run) -> list[Result]:
    """Measure documents of quotes."""
    documents.warm()
    return run.judged("PERF-11", {f"quote of {ITEMS} items, docx": maker()}, Budget(p95=100))
