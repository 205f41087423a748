"""The response while the database is down or a disk is full: a clear message with 503, using neither."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kanal.web.http import wants_fragment

SECONDS = 5
FULL_DISK, TOO_MANY = "53100", "53300"
GONE = {"57P01", "57P02", "57P03"}


def kind_of(problem: BaseException | None) -> str:
    """Return `gone` if an error means that the database is down, `full` if the disk is full, else ""."""
    while problem is not None:
        if isinstance(problem, OSError) and problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            return "full"
        if isinstance(problem, (OperationalError, InterfaceError)):
            state = getattr(problem.__cause__, "sqlstate", None)
            if state == FULL_DISK:
                return "full"
            if state is None or state in GONE or state == TOO_MANY or state.startswith("08"):
                return "gone"
        problem = problem.__cause__ or problem.__context__
    return ""


def outage_response(request: HttpRequest) -> HttpResponse | None:
    """Return a response to the current error if it's an outage: a problem document, text or page."""
    kind = kind_of(sys.exc_info()[1])
    if not kind:
        return None
    title, text = {
        "gone": (_("Kanal can't reach its database"), _("Nothing was saved. We will retry automatically.")),
        "full": (_("The disk is full"), _("Nothing was saved. Tell your administrator that the disk is full.")),
    }[kind]
    if request.path_info.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": 503, "detail": text}
        response: HttpResponse = JsonResponse(body, status=503, content_type="application/problem+json")
    elif wants_fragment(request):
        response = HttpResponse(f"{title}. {text}", status=503, content_type="text/plain; charset=utf-8")
    else:
        refreshes = kind == "gone" and request.method == "GET"
        page = render_to_string("errors/503.html", {"title": title, "text": text, "refreshes": refreshes})
        response = HttpResponse(page, status=503)
        if refreshes:
            response["Refresh"] = str(SECONDS)
    response["Retry-After"] = str(SECONDS)
    response["Cache-Control"] = "no-store"
    return response
