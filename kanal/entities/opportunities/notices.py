"""Tells assignees once, by mail, when opportunities begin to need attention or their next action is due (OPP-7)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from kanal.core import registry
from kanal.core.context import Context
from kanal.core.fields.marks import ATTENTION
from kanal.core.listing import ListQuery, read_page
from kanal.core.query import Any as AnyOf
from kanal.core.query import FilterContext, Test
from kanal.entities.opportunities.marks import MARKS, open_statuses
from kanal.entities.opportunities.models import AttentionNotice, Opportunity

DUE = "action_due"
MOST_AT_ONCE = 5_000
MOST_NAMED = 25


def conditions(reader: FilterContext) -> dict[str, Q]:
    """Return the condition of each state that is announced: the marks, and a next action that is due today."""
    marks = {mark.key: mark.condition(reader) for mark in MARKS}
    return {**marks, DUE: Q(status_id__in=open_statuses(), next_action_date=reader.today)}


def announce_all() -> int:
    """Announce the states that have begun, to each assignee in one mail. Return the number of mails."""
    reader, begun = FilterContext.company(), defaultdict[int, list[tuple[int, str]]](list)
    for kind, condition in conditions(reader).items():
        forget_ended(kind, condition)
        for pk, user_id in unannounced(kind, condition):
            begun[user_id].append((pk, kind))
    users = get_user_model()._default_manager.filter(pk__in=begun, is_active=True)
    return sum(announce(user, begun[user.pk]) for user in users)


def forget_ended(kind: str, condition: Q) -> None:
    """Delete the notices of states that have ended, so that their next beginning is announced again."""
    lasting = Opportunity.objects.filter(condition, pk=OuterRef("opportunity_id"))
    AttentionNotice.objects.filter(~Exists(lasting), kind=kind).delete()  # direct write: a note, not a record


def unannounced(kind: str, condition: Q) -> list[tuple[int, int]]:
    """Return the opportunities in a state that hasn't been announced, with their assignees."""
    announced = AttentionNotice.objects.filter(opportunity_id=OuterRef("pk"), kind=kind)
    rows = Opportunity.objects.filter(condition, ~Exists(announced), assignee__is_active=True)
    return list(rows.order_by("pk").values_list("pk", "assignee_id")[:MOST_AT_ONCE])


@transaction.atomic
def announce(user: Any, begun: list[tuple[int, str]]) -> bool:
    """Note the announced states and send the mail. Return False if the user may see nothing of them."""
    notices = [AttentionNotice(opportunity_id=pk, user=user, kind=kind) for pk, kind in begun]
    AttentionNotice.objects.bulk_create(notices, ignore_conflicts=True)  # direct write: a note, not a record
    kinds = defaultdict[int, set[str]](set)
    for pk, kind in begun:
        kinds[pk].add(kind)
    with Context.of(user).active(), override(user.language or settings.LANGUAGE_CODE):
        lines = lines_of(user, kinds)
        if not lines:
            return False
        subject = ngettext(
            "%(count)s opportunity needs your attention", "%(count)s opportunities need your attention", len(lines)
        )
        context = {"lines": lines[:MOST_NAMED], "others": max(0, len(lines) - MOST_NAMED)}
        send_mail(
            subject % {"count": len(lines)}, render_to_string("opportunities/attention.txt", context), None,
            [user.email],
        )  # fmt: skip
    return True


def lines_of(user: Any, kinds: dict[int, set[str]]) -> list[dict[str, Any]]:
    """Return what the user is told: each opportunity that they see, with the states that their fields permit."""
    entity, lines = registry.get("opportunities"), list[dict[str, Any]]()
    labels = {mark.key: mark.label for mark in MARKS}
    for some in batches(sorted(kinds)):
        node = AnyOf(tuple(Test("id", "is", (str(pk),)) for pk in some))
        query = ListQuery(entity, user, node, columns=(ATTENTION, "next_action_date"), sort="id", limit=len(some))
        for row in read_page(query).rows:
            states = [str(labels[key]) for key in row.values.get(ATTENTION, ()) if key in kinds[row.id]]
            if DUE in kinds[row.id] and "next_action_date" in row.values:
                states.append(str(_("The next action is due")))
            if states:
                lines.append({"name": row.title, "states": ", ".join(states), "url": address_of(entity.url(row.id))})
    return lines


def batches(ids: list[int], size: int = 100) -> Iterable[list[int]]:
    """Yield the ids in parts, since a filter has a limited number of conditions."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def address_of(path: str) -> str:
    """Return the address of a page for a mail, or an empty text if the installation's own address isn't known."""
    origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), "")
    return f"{origin}{path}" if origin and "*" not in origin else ""
