"""Distribution of leads: they run through the filters, a match gets assigned, each leaves a receipt (SPLIT-2…5)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from kanal.core import writes
from kanal.core.actor import Actor
from kanal.core.context import today
from kanal.core.query.tree import QueryError
from kanal.entities.leads.models import Lead
from kanal.entities.splitter import conditions, rules
from kanal.entities.splitter.availability import Availability, hold_limited, is_working
from kanal.entities.splitter.models import Quota, Receipt, Share, SplitterFilter

CHUNK = 100
OWNERS = (
    "account__account_manager", "account__partner", "contact__account__account_manager", "contact__account__partner"
)  # fmt: skip


@dataclass
class Trial:
    """A running filter for a set of leads: its shares with counts, locked until the transaction ends."""

    row: SplitterFilter
    quota: Quota
    shares: list[Share]
    availability: Availability
    away: dict[str, str]
    text: str
    names: dict[str, str]
    given: set[int] = field(default_factory=set)
    receipts: list[Receipt] = field(default_factory=list)
    touches: list[tuple[Lead, dict[str, Any]]] = field(default_factory=list)

    def candidates(self) -> list[rules.Candidate]:
        """Return the shares as candidates for the rule."""
        return [candidate_of(share, self.away.get(share.key, "")) for share in self.shares]


def candidate_of(share: Share, passed_over: str) -> rules.Candidate:
    """Return a share as a candidate for the rule."""
    return rules.Candidate(share.key, share.weight, share.got, passed_over, Fraction(share.carried))


def unprocessed() -> Any:
    """Return the open leads not taken by any filter and not assigned (SPLIT-2)."""
    return Lead.objects.open().filter(split_at=None, assignee=None, partner=None)


def active_filters() -> list[SplitterFilter]:
    """List the filters for new leads, in order."""
    return list(SplitterFilter.objects.filter(is_active=True).order_by("position", "id"))


def split(ids: Iterable[int], *, by: Actor, filters: Sequence[SplitterFilter] | None = None) -> int:
    """Run leads through the filters, by default all active ones. Return how many were assigned.

    A lead that's locked by another process, or already assigned, is skipped.
    """
    wanted = sorted(ids)
    return sum(
        split_chunk(wanted[start : start + CHUNK], by=by, filters=filters) for start in range(0, len(wanted), CHUNK)
    )


def split_made(leads: Sequence[Lead], *, by: Actor) -> int:
    """Run leads created in this transaction through the filters. No other process can have them."""
    waiting = sorted((lead for lead in leads if lead.awaits_split), key=lambda lead: lead.pk)
    return sum(share_out(waiting[start : start + CHUNK], by=by) for start in range(0, len(waiting), CHUNK))


@transaction.atomic
def split_chunk(ids: Sequence[int], *, by: Actor, filters: Sequence[SplitterFilter] | None = None) -> int:
    """Run a chunk of leads through the filters in one transaction."""
    locked = unprocessed().filter(pk__in=ids).select_for_update(of=("self",), skip_locked=True).order_by("pk")
    return share_out(list(locked), by=by, filters=filters)


def share_out(leads: Sequence[Lead], *, by: Actor, filters: Sequence[SplitterFilter] | None = None) -> int:
    """Run leads locked by this transaction through the filters. Return how many were assigned."""
    by = by.within_action("split")  # permitted: to users who may execute the filters, and to the system
    waiting = {lead.pk: lead for lead in leads}
    tried: dict[int, list[dict]] = {pk: [] for pk in waiting}
    done = 0
    filters = active_filters() if filters is None else filters
    hold_limited(filters)
    for row in filters:
        matched_ids = matches(row, waiting)
        for pk in waiting:
            tried[pk].append({"filter": row.pk, "name": row.name, "matched": pk in matched_ids})
        if not matched_ids:
            continue
        trial = lock_filter(row)
        if row.prefers_owner:
            prefetch_related_objects([waiting[pk] for pk in matched_ids], *OWNERS)
        done += sum(give(trial, waiting[pk], tried[pk], by) for pk in sorted(matched_ids))
        store_results(trial, by)
        if not row.goes_on:
            waiting = {pk: lead for pk, lead in waiting.items() if pk not in matched_ids}
        else:
            waiting = {pk: lead for pk, lead in waiting.items() if lead.assignee_id is None and not lead.partner_id}
    leave([lead for lead in waiting.values() if lead.awaits_split], tried, by)
    return done


def leave(leads: Sequence[Lead], tried: dict[int, list[dict]], by: Actor) -> None:
    """Leave leads not taken by any filter to the free pool."""
    writes.bulk_update_system_fields([(lead, {"awaits_split": False}) for lead in leads], by=by, held=True)
    receipts = [
        Receipt(lead=lead, tried=tried[lead.pk], is_counted=False, by_id=by.user_id) for lead in leads if tried[lead.pk]
    ]
    Receipt.objects.bulk_create(receipts)  # direct write: receipts aren't records


def matches(row: SplitterFilter, waiting: dict[int, Lead]) -> set[int]:
    """Return the leads that match a filter's conditions. A filter with invalid conditions matches none."""
    try:
        return conditions.matching_ids(row, waiting) if waiting else set()
    except QueryError:
        return set()


def lock_filter(row: SplitterFilter) -> Trial:
    """Lock a filter and its counts. A new epoch begins if the participants have changed (SPLIT-3).

    The filter is locked first, as when it's edited, since its receipts' references to it are checked on commit.
    """
    row = SplitterFilter.objects.select_for_update(no_key=True).get(pk=row.pk)
    Quota.objects.get_or_create(filter=row)  # direct write: counts aren't records
    quota = Quota.objects.select_for_update().get(filter=row)
    shares = list(Share.objects.filter(filter=row).select_related("user", "partner").order_by("position", "id"))
    availability = Availability(shares)
    names = {share.key: str(share.holder) for share in shares}
    trial = Trial(row, quota, shares, availability, availability.reasons(), conditions.format_conditions(row), names)
    renew_epoch(trial)
    return trial


def renew_epoch(trial: Trial) -> None:
    """Begin a new epoch if the participants have changed. The deficits of shares are carried over."""
    quota, now = trial.quota, rules.signature(trial.candidates())
    if quota.signature == now:
        return
    carried = rules.carried_on(trial.candidates(), quota.signature)
    quota.signature, quota.epoch, quota.began_at = now, quota.epoch + 1, timezone.now()
    quota.save()  # direct write: counts aren't records
    for share in trial.shares:
        share.got, share.carried = 0, decimal_of(carried[share.key])
    Share.objects.bulk_update(trial.shares, ["got", "carried"])  # direct write: counts aren't records


def decimal_of(number: Fraction) -> Decimal:
    """Return a fraction in its stored form."""
    return (Decimal(number.numerator) / number.denominator).quantize(Decimal("0.000001"))


def give(trial: Trial, lead: Lead, tried: list[dict], by: Actor) -> bool:
    """Assign a lead to the next share, and set the filter's values. Return whether it was assigned.

    A receipt records this, and the state of the shares before.
    """
    candidates = trial.candidates()
    owner = preferred_owner(trial.row, lead)
    chosen = None if any(owner) else rules.next_share(candidates)
    share = next((candidate for candidate in trial.shares if chosen and candidate.key == chosen.key), None)
    changed = settings_of(trial.row)
    user_id, partner_id = (share.user_id, share.partner_id) if share else owner
    assigned = {"assignee_id": user_id, "partner_id": partner_id} if user_id or partner_id else {}
    took = {} if trial.row.goes_on and not assigned else {"split_at": timezone.now(), "awaits_split": False}
    columns = {**changed, **assigned, **took}
    if columns:
        trial.touches.append((lead, columns))
    if share is not None:
        share.got += 1
        share.got_ever += 1
        trial.given.add(share.pk)
    receipt = Receipt(
        lead=lead, filter=trial.row, filter_name=trial.row.name, condition=trial.text, tried=list(tried),
        candidates=share_records(trial, candidates), changed=changed, user_id=user_id, partner_id=partner_id,
        epoch=trial.quota.epoch, is_counted=not any(owner), by_id=by.user_id,
    )  # fmt: skip
    trial.receipts.append(receipt)
    if trial.availability.gave_to(user_id):
        trial.away = trial.availability.reasons()
        renew_epoch(trial)
    return bool(assigned)


def preferred_owner(row: SplitterFilter, lead: Lead) -> tuple[int | None, int | None]:
    """Return the user and the partner of the lead's known account or contact, if the filter prefers them.

    Deactivated or absent users and inactive partners don't count. A partner's customer stays with the partner.
    """
    if not row.prefers_owner:
        return None, None
    for account in (lead.account, lead.contact.account if lead.contact else None):
        owner = account.account_manager if account else None
        there = owner is not None and owner.is_active and not owner.is_external and not owner.is_absent(today())
        user_id = owner.pk if owner is not None and there else None
        partner_id = account.partner_id if account and is_working(account.partner) else None
        if user_id or partner_id:
            return user_id, partner_id
    return None, None


def settings_of(row: SplitterFilter) -> dict[str, Any]:
    """Return the columns that a filter sets in addition to the assignment."""
    wanted = {
        "priority": row.sets_priority, "status_id": row.sets_status_id, "campaign_id": row.sets_campaign_id,
        "project_id": row.sets_project_id,
    }  # fmt: skip
    return {name: value for name, value in wanted.items() if value is not None}


def share_records(trial: Trial, candidates: list[rules.Candidate]) -> list[dict[str, Any]]:
    """Return each share in its state before a lead was assigned (SPLIT-5)."""
    behind = rules.deficits(candidates)
    return [
        {
            "key": share.key, "name": trial.names[share.key], "percent": str(share.weight / 100), "got": share.got,
            "deficit": str(behind.get(share.key, "")), "passed_over": share.passed_over,
        }
        for share in candidates
    ]  # fmt: skip


def store_results(trial: Trial, by: Actor) -> None:
    """Store the leads' changes, the receipts, and the counts of the shares."""
    writes.bulk_update_system_fields(trial.touches, by=by, held=True)
    Receipt.objects.bulk_create(trial.receipts)  # direct write: receipts aren't records
    counted = [share for share in trial.shares if share.pk in trial.given]
    if counted:
        Share.objects.bulk_update(counted, ["got", "got_ever"])  # direct write: counts aren't records


def execute(row: SplitterFilter, *, by: Actor, progress: Callable[[int, int], bool] | None = None) -> int:
    """Run a filter over the unprocessed leads it matches. `progress(done, all)` returns False to stop it (SPLIT-2)."""
    ids = list(conditions.matching(row, unprocessed()).order_by("pk").values_list("pk", flat=True))
    given = 0
    for start in range(0, len(ids), CHUNK):
        given += split_chunk(ids[start : start + CHUNK], by=by, filters=[row])
        if progress and not progress(min(start + CHUNK, len(ids)), len(ids)):
            break
    return given


def sync_shares(row: SplitterFilter) -> None:
    """Update a filter's share rows from its form. The counts of remaining shares are kept."""
    wanted = rules.read_shares(row.shares)
    kept = {existing.key: existing for existing in Share.objects.filter(filter=row)}
    for key, share in kept.items():
        if key not in {spec.key for spec in wanted}:
            share.delete()  # direct write: derived from the filter's shares
    for place, spec in enumerate(wanted):
        share = kept.get(spec.key) or Share(filter=row, **{f"{spec.kind}_id": spec.id})
        share.weight, share.position = spec.weight, place
        share.save()  # direct write: derived from the filter's shares
