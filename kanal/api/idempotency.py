"""Requests with an Idempotency-Key run once (API-2): the response is stored in the transaction of their changes."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from kanal.api.authentication import actor
from kanal.api.models import KeptAnswer
from kanal.core.privacy import Forgotten
from kanal.kit.errors import Invalid

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?")
KEPT_FOR = dt.timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")
AT_ONCE = 5000


def idempotent(view: Callable[..., HttpResponse], resource: str) -> Callable[..., HttpResponse]:
    """Make an operation return the first response for repeats. Without a key it runs each time."""

    @wraps(view)
    def ask(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None:
            return view(request, *given, **named)
        if not KEY.fullmatch(key):
            raise Invalid.on(HEADER, _("Send a key of 1 to 200 visible ASCII characters."))
        actor(request, resource)
        user_id: Any = request.user.pk
        with transaction.atomic():
            claim(user_id, key)
            digest = fingerprint(request)
            kept = find_response(user_id, key)
            if kept is None:
                answer = view(request, *given, **named)
                store_response(user_id, key, digest, answer)
                return answer
        if bytes(kept.request) != digest:
            raise Invalid.on(HEADER, _("This key has already been used for another request."))
        return again(kept)

    return ask


def claim(user_id: int, key: str) -> None:
    """Lock a key until the end of the transaction. Raise HttpError (409) while another request holds it."""
    number = int.from_bytes(hashlib.sha256(f"kanal.api:{user_id}:{key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        (held,) = cursor.fetchone()
    if not held:
        raise HttpError(409, _("The first request with this key is still in progress. Retry in a moment."))


def fingerprint(request: HttpRequest) -> bytes:
    """Return the hash of a request. For a form it covers fields and file contents, as the boundary may differ."""
    hasher = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        hasher.update(request.body)
        return hasher.digest()
    for name, values in sorted(request.POST.lists()):
        hasher.update(repr((name, values)).encode())
    for name, file in sorted((name, file) for name, files in request.FILES.lists() for file in files):
        content = hashlib.sha256()
        for part in file.chunks():
            content.update(part)
        file.seek(0)
        hasher.update(repr((name, file.name, content.hexdigest())).encode())
    return hasher.digest()


def find_response(user_id: int, key: str) -> KeptAnswer | None:
    """Return the stored response for a key. An expired one is deleted."""
    kept = KeptAnswer.objects.filter(user_id=user_id, key=key).first()
    if kept is None or kept.at > timezone.now() - KEPT_FOR:
        return kept
    kept.delete()  # direct write: a response isn't a record
    return None


def store_response(user_id: int, key: str, digest: bytes, answer: HttpResponse) -> None:
    """Store a response. A rejected request did nothing and leaves its key free."""
    headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
    KeptAnswer.objects.create(  # direct write: a response isn't a record
        user_id=user_id, key=key, request=digest, status=answer.status_code, headers=headers, body=answer.content,
        at=timezone.now(),
    )  # fmt: skip


def again(kept: KeptAnswer) -> HttpResponse:
    """Return a stored response again."""
    kind = {} if kept.status == 204 else {"content_type": "application/json"}
    return HttpResponse(bytes(kept.body), status=kept.status, headers={**kept.headers, REPLAYED: "true"}, **kind)


def forget_answers(*, person: Forgotten) -> None:
    """Clear stored responses with data of an erased person. Repeats still don't run twice."""
    for pk, body in KeptAnswer.objects.values_list("pk", "body").iterator(chunk_size=AT_ONCE):
        if person.redactor.nearby.finds(bytes(body).decode(errors="ignore")):
            KeptAnswer.objects.filter(pk=pk).update(body=b"{}")  # direct write: a response isn't a record


def drop_old() -> int:
    """Delete responses older than a day, some thousand at a time. Return their number."""
    done = 0
    while True:
        old = KeptAnswer.objects.filter(at__lte=timezone.now() - KEPT_FOR).order_by("at")[:AT_ONCE]
        number, _each = KeptAnswer.objects.filter(pk__in=old.values("pk")).delete()  # direct write: not a record
        done += number
        if number < AT_ONCE:
            return done
