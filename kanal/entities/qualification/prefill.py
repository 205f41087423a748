"""What the new opportunity, account and contact begin with: the lead's values, and whom it is known as (LEAD-5)."""

from typing import Any

from kanal.core import access, registry, settings
from kanal.core.fields import fields_of
from kanal.entities.accounts.models import AccountType
from kanal.entities.intake import matching
from kanal.entities.leads.models import Lead

SHARED = ("email", "phone", "street", "city", "postcode", "region", "country")
COMPANY = ("website", "registration_number", "vat_number")


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Keep what is there."""
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def of(lead: Lead, *names: str) -> dict[str, Any]:
    """Read some values of a lead."""
    return {name: getattr(lead, name) for name in names}


def opportunity_of(lead: Lead) -> dict[str, Any]:
    """Give what the new opportunity takes over."""
    fields = fields_of(registry.get("leads"))
    name = lead.subject or lead.company or lead.person or lead.name
    return given(
        {
            "name": name, "project": lead.project_id, "assignee": lead.assignee_id, "partner": lead.partner_id,
            "campaign": lead.campaign_id, "value": fields["value"].get(lead), "description": lead.description,
        }
    )  # fmt: skip


def account_of(lead: Lead) -> dict[str, Any]:
    """Give what a new account takes over; without a company it is the person's own."""
    kind = account_type(lead)
    values = {**of(lead, *SHARED), "account_manager": lead.assignee_id, "partner": lead.partner_id, "type": kind}
    if lead.company or not lead.person:
        values |= {**of(lead, *COMPANY), "organization": lead.company or lead.name}
        values["industry"] = lead.industry.key if lead.industry else None
    else:
        values |= of(lead, "first_name", "last_name")
    return given(values)


def account_type(lead: Lead) -> str | None:
    """Give the type that the settings name for companies, else one that has the name that the lead has."""
    is_company = bool(lead.company or not lead.person)
    wanted = AccountType.by_key(settings.value("b2b.opportunity_account_type") or "")
    rows = [row for row in (wanted, AccountType.default(), *AccountType.rows()) if row is not None and row.is_active]
    fits = [row for row in rows if (row.has_organization if is_company else row.has_personal_name)]
    exact = [row for row in fits if is_company or not row.has_organization]
    found = next(iter(exact or fits or rows), None)
    return found.key if found else None


def contact_of(lead: Lead) -> dict[str, Any]:
    """Give what a new personal contact takes over."""
    return given({**of(lead, *SHARED, "first_name", "last_name", "job_title"), "partner": None})


def matches_of(lead: Lead, user: Any) -> dict[str, list[dict[str, Any]]]:
    """Give the known accounts and contacts that the lead may be, the likeliest first; those that the user may see."""
    keys = matching.keys_of({column.name: getattr(lead, column.attname) for column in lead._meta.concrete_fields})
    found = matching.identify_many([keys])[0]
    wanted = {"accounts": [lead.account_id, found.account], "contacts": [lead.contact_id, found.contact]}
    for one in found.suggestions:
        wanted[one["entity"]].append(one["id"])
    return {key: named(user, key, [pk for pk in ids if pk]) for key, ids in wanted.items()}


def named(user: Any, key: str, ids: list[int]) -> list[dict[str, Any]]:
    """Name records in their order, each once."""
    titles = access.titles_of(user, registry.get(key), ids)
    return [{"id": pk, "name": titles[pk]} for pk in dict.fromkeys(ids) if pk in titles]
