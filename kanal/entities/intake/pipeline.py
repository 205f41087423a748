"""From raw leads to leads: normalize, identify, write, split, notify, each raw lead exactly once (INTAKE-3, 4)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import registry, writes
from kanal.core.actor import Actor, ChangeSource
from kanal.core.cache import cached
from kanal.core.fields import CleanContext, fields_of
from kanal.core.writes.sql import store_each
from kanal.entities.intake import conditions, matching
from kanal.entities.intake.models import Intake, IntakeSource, RawPost
from kanal.entities.intake.persons import Known, person_in
from kanal.entities.intake.understanding import Understood, understand
from kanal.entities.leads.models import Lead
from kanal.entities.splitter.actions import split_made
from kanal.entities.splitter.models import Receipt
from kanal.features.comments.actions import note_many
from kanal.kit.errors import Invalid, KanalError
from kanal.kit.reading.ids import id_of

log = logging.getLogger("kanal.intake")
BATCH = 100
OUTAGE = (OperationalError, InterfaceError)
BY = Actor(means=ChangeSource.INTAKE, verb="intake")
FILLED = (
    "first_name", "last_name", "job_title", "company", "email", "phone", "website", "street", "city", "postcode",
    "region", "country", "registration_number", "vat_number", "industry", "source", "campaign", "consent", "consent_at",
    "account", "contact", "value",
)  # fmt: skip


@dataclass
class Prepared:
    """A raw lead with its normalized values and the keys to identify it."""

    row: Intake
    values: dict[str, Any]
    keys: dict[str, str]
    understood: Understood


def process_batch(limit: int = BATCH) -> int:
    """Process the oldest waiting raw leads not locked by another worker. Return how many there were.

    Raw leads and their leads are stored in one transaction, so a killed worker neither loses nor duplicates any. While
    the database is down they stay unchanged, and the job is retried (REL-1).
    """
    ids: list[int] = []
    try:
        with transaction.atomic():
            rows = lock_waiting_leads(limit)
            ids = [row.pk for row in rows]
            handle(rows)
    except OUTAGE:
        raise
    except Exception:
        log.exception("a batch of received leads failed; they are handled one by one")
        for pk in ids:
            handle_alone(pk)
    return len(ids)


def lock_waiting_leads(limit: int, **condition: Any) -> list[Intake]:
    """Lock waiting raw leads, skipping those locked by another worker."""
    waiting = Intake.objects.filter(state=Intake.State.WAITING, **condition).order_by("id")
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True)[:limit])
    sources = IntakeSource.objects.in_bulk({row.source_id for row in rows})
    posts = RawPost.objects.only("headers").in_bulk({row.post_id for row in rows if row.post_id})
    for row in rows:
        row.source, row.post = sources[row.source_id], posts.get(row.post_id)
    return rows


def handle_alone(pk: int) -> None:
    """Process a single raw lead. Any error leaves it for a user to look at."""
    try:
        with transaction.atomic():
            handle(lock_waiting_leads(1, pk=pk))
    except OUTAGE:
        raise
    except Exception:
        log.exception("received lead %s failed", pk)
        with transaction.atomic():
            rows = lock_waiting_leads(1, pk=pk)
            for row in rows:
                set_aside(row, _("Something went wrong while this was processed. Try again."))
            store_progress(rows)


def handle(rows: Sequence[Intake]) -> None:
    """Create or touch the lead of each raw lead, then split the new ones, within a transaction."""
    prepared = [item for row in rows if (item := prepare(row)) is not None]
    keys = [item.keys for item in prepared]
    matching.hold_persons(keys)
    known = Known(matching.open_leads_of(keys))
    made = write_leads(list(zip(prepared, matching.identify_many(keys), strict=True)), known)
    split_made(known.as_they_stand([lead for _row, lead in made]), by=BY)
    note_split(made)
    note_leftovers(prepared)
    store_progress(rows)


def prepare(row: Intake) -> Prepared | None:
    """Map and parse a raw lead. Return None for ignored ones, and for unreachable persons, which need attention."""
    mapping = row.source.field_mapping or {}
    try:
        if reason := conditions.why_ignored(mapping, row.data):
            row.state, row.reason = Intake.State.IGNORED, reason
            return None
        understood = understand(row.source, row.data)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        set_aside(row, _("The field mapping is not valid: %(problem)s") % {"problem": str(problem)[:200]})
        return None
    if reason := understood.why_aside():
        set_aside(row, reason)
        return None
    values = understood.values
    wanted = {**defaults(row), **values}
    leave_unless_active(wanted, understood)
    row.steps = [*row.steps, step("normalized", fields=sorted(values), **understood.facts())]
    return Prepared(row, wanted, matching.match_keys(values), understood)


def leave_unless_active(values: dict[str, Any], understood: Understood) -> None:
    """Leave a lead to the splitter if the assignee set by the source is no longer active, and note this (ACC-9)."""
    given = id_of(values.get("assignee"))
    if given and not (result := active_or_name(given))[0]:
        del values["assignee"]
        why = _("No longer active, so the lead was left to the splitter. Choose somebody else at the source.")
        understood.remarks.append((_("Assignee"), result[1], why))


@cached
def active_or_name(user_id: int) -> tuple[bool, str]:
    """Return whether a user is active, and their name."""
    user = get_user_model()._default_manager.filter(pk=user_id).first()
    return (user is not None and user.is_active), str(user or user_id)


def defaults(row: Intake) -> dict[str, Any]:
    """Return the source's values for fields that a post doesn't have."""
    source, is_web = row.source, bool(row.post and row.post.headers.get("origin"))
    given = {
        "project": source.default_project_id, "campaign": source.default_campaign_id,
        "assignee": source.default_assignee_id,
        "status": source.default_status.key if source.default_status else None,
        "channel": "web_form" if is_web else "api",
    }  # fmt: skip
    return {key: value for key, value in given.items() if value}


def step(name: str, **facts: Any) -> dict[str, Any]:
    """Return a step with its time."""
    return {"step": name, "at": timezone.now().isoformat(), **facts}


def write_leads(identified: Sequence[tuple[Prepared, matching.Found]], known: Known) -> list[tuple[Intake, Lead]]:
    """Touch the open leads of the same persons and create new ones, in bulk as long as the persons differ."""
    made: list[tuple[Intake, Lead]] = []
    begun: list[tuple[Prepared, matching.Found]] = []
    persons, context = Known(), CleanContext()
    for prepared, match in identified:
        if persons.same_as(prepared.keys):
            made += create_leads(begun, known, context)
            begun, persons = [], Known()
        if same := known.same_as(prepared.keys):
            add_to(same, prepared, match, known)
        else:
            persons.add(person_in(prepared.values, context))
            begun.append((prepared, match))
    return made + create_leads(begun, known, context)


def create_leads(
    begun: Sequence[tuple[Prepared, matching.Found]], known: Known, context: CleanContext
) -> list[tuple[Intake, Lead]]:
    """Create the leads of new persons. Those that fail are set aside."""
    made = []
    values = [with_links(prepared, match) for prepared, match in begun]
    outcome = writes.create_many(registry.get("leads"), values, by=BY, strict=False, context=context)
    for place, (prepared, match) in enumerate(begun):
        note_identified(prepared, match, None)
        lead = outcome.made.get(place)
        if lead is None:
            set_aside(prepared.row, reason_of(outcome.problems[place]))
            continue
        known.add(lead)
        made.append((prepared.row, lead))
        mark_converted(prepared.row, lead)
    return made


def add_to(same: Lead, prepared: Prepared, match: matching.Found, known: Known) -> None:
    """Touch the open lead of the same person. If that fails the raw lead is set aside."""
    note_identified(prepared, match, same.pk)
    try:
        lead = touch_again(same, with_links(prepared, match))
    except KanalError as problem:
        set_aside(prepared.row, reason_of(problem))
        return
    known.renew(same, lead)
    mark_converted(prepared.row, lead)


def with_links(prepared: Prepared, match: matching.Found) -> dict[str, Any]:
    """Return the values of a lead with the contact and account found for it."""
    linked = {name: pk for name, pk in (("contact", match.contact), ("account", match.account)) if pk is not None}
    return {**linked, **prepared.values}


def note_identified(prepared: Prepared, match: matching.Found, same_lead: int | None) -> None:
    """Record how a raw lead was identified."""
    facts: dict[str, Any] = {
        "contact": match.contact, "account": match.account, "reasons": match.reasons, "scores": match.scores,
        "suggestions": match.suggestions, "same_lead": same_lead,
    }  # fmt: skip
    prepared.row.steps = [*prepared.row.steps, step("identified", **facts)]


def touch_again(lead: Lead, values: dict[str, Any]) -> Lead:
    """Add a repeated inquiry to an open lead: empty fields are filled, texts are appended."""
    fields = fields_of(registry.get("leads"))
    new = {key: values[key] for key in FILLED if values.get(key) and fields[key].get(lead) in (None, "", [])}
    texts = [str(values[key]) for key in ("subject", "description") if values.get(key)]
    added = "\n".join(text for text in texts if text not in (lead.subject, lead.description))
    if added and added not in lead.description:
        new["description"] = f"{lead.description}\n\n{added}".strip()
    if new:
        lead = writes.change(lead, new, by=BY)
    else:
        writes.update_system_fields(lead, by=BY)
    return lead


def mark_converted(row: Intake, lead: Lead) -> None:
    """Record that a raw lead has become a lead."""
    row.state, row.lead, row.name, row.reason = Intake.State.DONE, lead, lead.name, ""


def note_split(made: list[tuple[Intake, Lead]]) -> None:
    """Record the splitter's result for the new leads."""
    receipts = Receipt.objects.filter(lead__in=[lead.pk for _row, lead in made]).order_by("id")
    newest = {receipt.lead_id: receipt for receipt in receipts}
    for row, lead in made:
        receipt = newest.get(lead.pk)
        if receipt is not None:
            facts = {"filter": receipt.filter_name, "user": receipt.user_id, "partner": receipt.partner_id}
            row.steps = [*row.steps, step("split", **facts)]


def note_leftovers(prepared: Sequence[Prepared]) -> None:
    """Add a note to the lead with values that couldn't be parsed or mapped (INTAKE-2)."""
    texts = [
        (item.row.lead_id, text)
        for item in prepared
        if item.row.lead_id and item.row.state == Intake.State.DONE and (text := item.understood.note())
    ]
    note_many(registry.get("leads"), texts)


def set_aside(row: Intake, reason: str) -> None:
    """Set a raw lead aside for a user to correct and replay (INTAKE-2)."""
    row.state, row.reason = Intake.State.ATTENTION, reason


def store_progress(rows: Sequence[Intake]) -> None:
    """Store the progress of raw leads."""
    for row in rows:
        row.updated_at = timezone.now()
    columns = ("lead_id", "name", "reason", "state", "steps", "updated_at")
    if rows:
        store_each(
            Intake, columns, {row.pk: {name: getattr(row, name) for name in columns} for row in rows}, touch=False
        )


def reason_of(problem: KanalError) -> str:
    """Return the error as a sentence, field by field."""
    if not isinstance(problem, Invalid):
        return str(problem)
    fields = fields_of(registry.get("leads"))
    named = [
        f"{fields[key].label if key in fields else key}: {' '.join(str(message) for message in messages)}".strip(": ")
        for key, messages in problem.errors.items()
    ]
    return " ".join(named)
