"""PERF-0, the floor: a bare view on the same server that reads 50 rows of 8 columns by keyset and renders them.

Also the ceiling of PERF-9: a bare view that stores a post as one row.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpRequest, HttpResponse
from jinja2 import Environment

from kanal.entities.opportunities.models import Opportunity

PATH = "/bench/floor"
INSERT = "/bench/insert"
COLUMNS = ("id", "name", "number", "value", "currency", "expected_close_date", "competitor", "updated_at")
TEMPLATE = Environment(autoescape=True).from_string(
    "<!doctype html><title>Floor</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>"
    "{% endfor %}</tr>{% endfor %}</table>"
)
Handler = Callable[[HttpRequest], HttpResponse]


def rows(request: HttpRequest) -> HttpResponse:
    """Return the newest 50 rows."""
    opportunities = Opportunity.objects.order_by("-updated_at", "-id").values_list(*COLUMNS)[:50]
    return HttpResponse(TEMPLATE.render(rows=list(opportunities)))


def insert(request: HttpRequest) -> HttpResponse:
    """Store the body as a row."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (body) VALUES (%s) RETURNING id", [request.body])
        answer = b'{"id": %d}' % cursor.fetchone()[0]
    headers = {"Content-Length": str(len(answer))}
    return HttpResponse(answer, content_type="application/json", status=202, headers=headers)


def bare(handler: Handler) -> Handler:
    """Handle the URLs of floor and ceiling before any other middleware, and pass on all others."""
    views = {PATH: rows, INSERT: insert}

    def ask(request: HttpRequest) -> HttpResponse:
        return views.get(request.path_info, handler)(request)

    return ask


@contextmanager
def table_for_inserts() -> Iterator[None]:
    """Create the ceiling's table for the duration of a block."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, body bytea)")
        try:
            yield
        finally:
            cursor.execute("DROP TABLE bench_row")
