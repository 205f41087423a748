"""Liveness (`/healthz`) and readiness (`/readyz`)."""

import datetime as dt

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from kanal.core.installation import is_pending

LATE = dt.timedelta(minutes=5)
WAITING = """
SELECT extract(epoch FROM now() - min(coalesce(scheduled_at, now())))::int
FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at < now()
"""


def alive(request: HttpRequest) -> HttpResponse:
    """Return a success while the process is alive."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """Return 503 if the database or its migrations aren't ready. A late worker is only reported."""
    try:
        if is_pending():
            return JsonResponse({"ready": False, "reason": "migrations are pending"}, status=503)
        late = seconds_late()
    except DatabaseError:
        return JsonResponse({"ready": False, "reason": "the database does not answer"}, status=503)
    return JsonResponse({"ready": True, "worker": "late" if late > LATE.total_seconds() else "ok"})


def seconds_late() -> int:
    """Return for how many seconds the oldest due job has been waiting."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        row = cursor.fetchone()
    return row[0] or 0 if row else 0
