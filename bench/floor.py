"""PERF-0, the floor: a bare view of the same server that reads 50 rows of 8 columns by keyset and renders them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from jinja2 import Environment

from kanal.entities.opportunities.models import Opportunity

PATH = "/bench/floor"
COLUMNS = ("id", "name", "number", "value", "currency", "expected_close_date", "competitor", "updated_at")
TEMPLATE = Environment(autoescape=True).from_string(
    "<!doctype html><title>Floor</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)
Handler = Callable[[HttpRequest], HttpResponse]


def rows(request: HttpRequest) -> HttpResponse:
    """Answer the newest 50 rows."""
    found = Opportunity.objects.order_by("-updated_at", "-id").values_list(*COLUMNS)[:50]
    return HttpResponse(TEMPLATE.render(rows=list(found)))


def bare(handler: Handler) -> Handler:
    """Answer the floor's address before any other middleware; hand on all others."""

    def ask(request: HttpRequest) -> HttpResponse:
        return rows(request) if request.path_info == PATH else handler(request)

    return ask
