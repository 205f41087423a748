"""Removal of an anonymized person's intake data: raw leads and their posts (LEAD-8)."""

from typing import Any

import orjson
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from kanal.core.privacy import Forgotten
from kanal.entities.intake.models import Intake, RawPost

AS_IT_CAME = ("notes", "answers")
GONE: dict[str, Any] = {"data": {}, "name": "", "reason": ""}


def forget_posts(*, person: Forgotten) -> None:
    """Clear the raw leads of the person, including those that need attention, and their part of each post."""
    for row in Intake.objects.filter(person_condition(person)).select_related("post"):
        kept = [{key: value for key, value in step.items() if key not in AS_IT_CAME} for step in row.steps]
        steps = person.redactor.redact_json(kept)
        Intake.objects.filter(pk=row.pk).update(**GONE, steps=steps)  # direct write: irreversible, in the history
        if row.post is not None:
            empty(row.post, row.position)


def person_condition(person: Forgotten) -> Q:
    """Return the condition for raw leads that became a lead of the person, or contain their address or number."""
    condition = Q(pk__in=person.family.get("intakes", ()))
    if person.entity.key == "leads":
        condition |= Q(lead_id=person.pk)
    waiting = Intake.objects.filter(lead=None).annotate(told=Cast("data", TextField()))
    rows = waiting.filter(told__iregex=person.redactor.anywhere.rough_pattern)
    named = [row.pk for row in rows if person.redactor.anywhere.redact_json(row.data) != row.data]
    return condition | Q(pk__in=named)


def empty(post: RawPost, place: int) -> None:
    """Remove a lead from a post, with the sender's headers."""
    post.body = remove_lead(bytes(post.body), place) if post.is_list else b""
    post.body_hash, post.headers, post.idempotency_key = b"", {}, ""
    post.save(update_fields=["body", "body_hash", "headers", "idempotency_key"])  # direct write: a post isn't a record


def remove_lead(body: bytes, place: int) -> bytes:
    """Remove a lead from the body of a list."""
    try:
        entries = orjson.loads(body)
        entries[place] = {}
        return orjson.dumps(entries)
    except (ValueError, LookupError, TypeError):
        return b""  # not a list itself: its leads were under a key
