"""Amending a contract: new terms from a date on, with earlier ones retained (CON-3)."""

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kanal.core import locks, registry, writes
from kanal.core.actor import Actor
from kanal.core.context import today
from kanal.core.fields import Field, fields_of
from kanal.entities.contracts import rules
from kanal.entities.contracts.models import Contract, ContractVersion
from kanal.kit.errors import Invalid, KanalError, Refused

log = logging.getLogger("kanal.contracts")
# The terms of a contract that a version stores.
TERMS = (
    "name", "type", "account", "product", "quote", "item", "price_book", "brand", "product_version", "amount", "unit",
    "price", "value", "recurrence", "billing_schedule", "start", "end", "term_months", "notice_period_months",
    "renewal", "partner",
)  # fmt: skip
# The inputs of the action. The other terms come from the sale.
ASKED = (
    "type", "account", "partner", "amount", "unit", "price", "value", "start", "end", "term_months",
    "notice_period_months", "renewal", "billing_schedule",
)  # fmt: skip


def fields() -> dict[str, Field]:
    """Return the fields of contracts."""
    return fields_of(registry.get("contracts"))


def terms_of(contract: Any) -> dict[str, Any]:
    """Return a contract's terms as JSON."""
    known = fields()
    return {key: known[key].dump(known[key].get(contract)) for key in TERMS}


def amend(contract: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Change a contract's terms from `amended_from` on. Omitted terms stay unchanged."""
    if refusal := rules.why_not_amend(contract):
        raise Refused(refusal)
    terms = {key: values[key] for key in ASKED if values.get(key) not in (None, "")}
    if values.get("open_ended"):
        terms |= {"end": None, "term_months": None}
    day = values.get("amended_from") or today()
    refuse_late(contract, terms, day)
    change_terms(contract, terms, day, by.within_action("amend"), reason=values.get("reason") or "")


@transaction.atomic
def change_terms(contract: Any, given: Mapping[str, Any], day: dt.date, by: Actor, *, reason: str = "") -> bool:
    """Store a version with new terms, applied now or on a future date. Return whether anything has changed."""
    current = lock_contract(contract.pk)
    known, base = fields(), latest_terms(current)
    cleaned = {key: known[key].dump(known[key].clean(raw)) if raw is not None else None for key, raw in given.items()}
    changed = {key: value for key, value in cleaned.items() if base[key] != value}
    if not changed:
        return False
    refuse_day(current, day)
    refuse_currency(changed, base["value"]["currency"])
    if wrong := rules.wrong_terms(changed):
        raise Invalid(wrong)
    terms = {**base, **changed, **rules.what_follows(base, changed)}
    keep_first(current)
    version = ContractVersion(
        contract=current, number=current.versions.count(), valid_from=day, terms=terms, reason=reason,
        is_applied=False, made_by_id=by.user_id,
    )  # fmt: skip
    version.save()  # direct write: versions are the history of a contract's terms
    if day <= max(filter(None, (today(), current.start))):
        apply(current, version, by)
    contract.refresh_from_db()
    return True


def lock_contract(pk: int) -> Contract:
    """Return the current contract, locked after the records it depends on."""
    locks.lock_family(registry.get("contracts"), [pk])
    return locks.lock_one(Contract.objects.all(), pk)


def latest_terms(contract: Any) -> dict[str, Any]:
    """Return the terms of the newest version, including a pending one, as the base of another amendment."""
    newest = contract.versions.order_by("-number").first()
    return {**terms_of(contract), **newest.terms} if newest and not newest.is_applied else terms_of(contract)


def refuse_late(contract: Any, given: Mapping[str, Any], day: dt.date) -> None:
    """Raise Invalid for a date after the contract's end, or the end set by the amendment."""
    last = given["end"] if "end" in given else latest_terms(contract)["end"]
    last = dt.date.fromisoformat(last) if isinstance(last, str) else last
    if last and day > last:
        text = _("The contract ends on %(day)s; amend it from that day or earlier.")
        raise Invalid.on("amended_from", text % {"day": last.isoformat()})


def refuse_day(contract: Any, day: dt.date) -> None:
    """Raise Invalid for a date before the start of the current terms."""
    newest = contract.versions.order_by("-number").first()
    first = newest.valid_from if newest else contract.start
    if first and day < first:
        text = _("The current terms apply from %(day)s; amend the contract from that day or later.")
        raise Invalid.on("amended_from", text % {"day": first.isoformat()})


def refuse_currency(changed: Mapping[str, Any], currency: str) -> None:
    """Raise Invalid for an amount in another currency."""
    for key in ("price", "value"):
        if changed.get(key) and changed[key]["currency"] != currency:
            raise Invalid.on(key, _("This contract is in %(currency)s.") % {"currency": currency})


def keep_first(contract: Any) -> None:
    """Store the terms from the sale as the first version, before they're amended."""
    if not contract.versions.exists():
        ContractVersion.objects.create(  # direct write: versions are the history of a contract's terms
            contract=contract, number=0, valid_from=contract.start or contract.sold_on, terms=terms_of(contract),
            made_by_id=contract.created_by_id, made_at=contract.created_at,
        )  # fmt: skip


def apply(contract: Any, version: ContractVersion, by: Actor) -> None:
    """Apply a version's terms to a contract. Earlier pending versions are included in it, and no longer pending."""
    writes.change(contract, version.terms, by=by)
    fresh = Contract.objects.get(pk=contract.pk)
    writes.update_system_fields(fresh, by=by, amendment=version.number)
    waiting = contract.versions.filter(is_applied=False, number__lte=version.number)
    waiting.update(is_applied=True)  # direct write: versions are the history of a contract's terms


def apply_due(day: dt.date, by: Actor) -> int:
    """Apply the terms that are due to their contracts. Return how many there were.

    Terms that can no longer be applied to a contract don't block other contracts.
    """
    due = ContractVersion.objects.filter(is_applied=False, valid_from__lte=day).order_by("valid_from", "number")
    done = 0
    for pk, contract_pk in list(due.values_list("pk", "contract_id")):
        try:
            done += apply_waiting(pk, contract_pk, by.within_action("amend"))  # permitted: to the user who amended it
        except KanalError as problem:
            log.warning("the amendment of contract %s can't be applied: %s", contract_pk, problem)
    return done


@transaction.atomic
def apply_waiting(pk: int, contract_pk: int, by: Actor) -> bool:
    """Apply a version's terms to a contract, unless already applied. Return whether it was applied."""
    contract = lock_contract(contract_pk)
    version = ContractVersion.objects.get(pk=pk)
    if version.is_applied or rules.why_not_amend(contract):
        return False
    apply(contract, version, by)
    return True
