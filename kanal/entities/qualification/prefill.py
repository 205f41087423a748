"""Initial values of the new opportunity, account and contact, from the lead and its matches (LEAD-5)."""

from typing import Any

from kanal.core import registry, settings
from kanal.core.fields import fields_of
from kanal.entities.accounts.models import AccountType
from kanal.entities.leads.models import Lead
from kanal.kit.registrations import tidy_vat

SHARED = ("email", "phone", "street", "city", "postcode", "region", "country")
COMPANY = ("website", "registration_number", "vat_number")


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that aren't empty."""
    return {key: value for key, value in values.items() if value not in (None, "", [])}


def lead_values(lead: Lead, *names: str) -> dict[str, Any]:
    """Return some values of a lead."""
    return {name: getattr(lead, name) for name in names}


def opportunity_of(lead: Lead) -> dict[str, Any]:
    """Return the initial values of the opportunity."""
    fields = fields_of(registry.get("leads"))
    name = lead.subject or lead.company or lead.person or lead.name
    return given(
        {
            "name": name, "project": lead.project_id, "assignee": lead.assignee_id, "partner": lead.partner_id,
            "campaign": lead.campaign_id, "value": fields["value"].get(lead), "description": lead.description,
        }
    )  # fmt: skip


def account_of(lead: Lead) -> dict[str, Any]:
    """Return the initial values of an account. Without a company it's that of the person."""
    kind = account_type(lead)
    values = {
        **lead_values(lead, *SHARED),
        "account_manager": lead.assignee_id,
        "partner": lead.partner_id,
        "type": kind,
    }
    if lead.company or not lead.person:
        values |= {**lead_values(lead, *COMPANY), "organization": lead.company or lead.name}
        values["industry"] = lead.industry.key if lead.industry else None
        # An invalid number stays on the lead and doesn't block qualification.
        values["vat_number"] = tidy_vat(lead.vat_number, lead.country, otherwise="")
    else:
        values |= lead_values(lead, "first_name", "last_name")
    return given(values)


def account_type(lead: Lead) -> str | None:
    """Return the type in the settings for companies, else one with the name field that the lead has."""
    is_company = bool(lead.company or not lead.person)
    wanted = AccountType.by_key(settings.value("b2b.opportunity_account_type") or "")
    rows = [row for row in (wanted, AccountType.default(), *AccountType.rows()) if row is not None and row.is_active]
    fits = [row for row in rows if (row.has_organization if is_company else row.has_personal_name)]
    exact = [row for row in fits if is_company or not row.has_organization]
    match = next(iter(exact or fits or rows), None)
    return match.key if match else None


def contact_of(lead: Lead) -> dict[str, Any]:
    """Return the initial values of a contact."""
    return given({**lead_values(lead, *SHARED, "first_name", "last_name", "job_title"), "partner": None})


def has_own_contact(lead: Lead, account: Any) -> bool:
    """Return whether to create a contact: not without a name, and not if the account is the person."""
    kind = account.type if account is not None else AccountType.by_key(account_type(lead) or "")
    return bool(lead.last_name) and (kind is None or kind.has_organization)
