"""PERF-11: a quote's document from a template, with 50 items, in the sandbox that is kept warm."""

from collections.abc import Callable
from itertools import cycle, islice

from bench.results import Budget, Result
from bench.run import Run, viewers
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.tokens import context_of
from kanal.kit import documents

ITEMS = 50


def maker() -> Callable[[], bytes]:
    """Give what makes the document of a quote, its items repeated until there are enough."""
    quote = Quote.objects.filter(items__isnull=False).order_by("pk").first()
    if quote is None:
        raise LookupError("The data set has no quote with items.")
    template, user = documents.default_template(), viewers()["director"]

    def make() -> bytes:
        context = context_of(quote, user=user, language="en")
        context["items"] = list(islice(cycle(context["items"]), ITEMS))
        return documents.render(template, context, "en")

    return make


def quote(run: Run) -> list[Result]:
    """Measure documents of quotes."""
    documents.warm()
    return run.judged("PERF-11", {f"quote of {ITEMS} items, docx": maker()}, Budget(p95=100))
