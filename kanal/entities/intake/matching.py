"""Identification of leads: known contacts, accounts and open leads, looked up for many leads at once (INTAKE-4).

Private accounts and their contacts are excluded (ACC-5).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField

from kanal.core.query.expressions import Fold
from kanal.entities.accounts.models import Account
from kanal.entities.contacts.models import Channel, Contact
from kanal.entities.intake import rules
from kanal.entities.intake.likely import Likely
from kanal.entities.leads.models import Lead
from kanal.kit.addresses import normalize_email, own_domain
from kanal.kit.companies import is_same_company
from kanal.kit.errors import Invalid
from kanal.kit.hosts import is_own, registered_domain
from kanal.kit.letters import fold
from kanal.kit.registrations import CompanyNumber, registration_number, vat_number

REASONS = ("email", "phone", "registration_number", "vat_number", "domain", "mail_domain")
DOMAINS = ("domain", "mail_domain")
PERSON_KEYS = ("email", "phone")
NUMBERS = ("registration_number", "vat_number", "country")


def registration_of(row: dict[str, str]) -> CompanyNumber:
    """Return the registration number of an account in normalized form."""
    return registration_number(row["registration_number"], row["country"], row["vat_number"])


def vat_of(row: dict[str, str]) -> CompanyNumber:
    """Return the VAT number of an account in normalized form."""
    return vat_number(row["vat_number"], row["country"])


COMPARED = {
    "registration_number": ("registration_country", registration_of), "vat_number": ("vat_country", vat_of)
}  # fmt: skip


@dataclass
class Found:
    """The matches of a lead: open lead, contact and account, the reasons, and suggestions.

    `several` names the types with more than one match by the same address or number, which a user must resolve.
    """

    lead: int | None = None
    contact: int | None = None
    account: int | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    suggestions: list[dict[str, Any]] = field(default_factory=list)
    several: set[str] = field(default_factory=set)


class Domain(Func):
    """The domain of an address, as in the indexes on accounts."""

    function = "kanal_domain"
    output_field = TextField()


def match_keys(values: dict[str, Any]) -> dict[str, str]:
    """Return the keys by which a lead is found."""
    text = defaultdict(str, {key: str(value) for key, value in values.items() if isinstance(value, str | int)})
    email, country = same_email(text["email"]), text["country"]
    vat = vat_number(text["vat_number"], country)
    registration = registration_number(text["registration_number"], country, text["vat_number"])
    return {
        "email": email,
        "phone": text["phone"],
        "registration_number": registration.number,
        "registration_country": registration.country,
        "vat_number": vat.number,
        "vat_country": vat.country,
        "domain": (website := own_domain(text["website"])),
        "mail_domain": (mail_domain := own_domain(email)),
        "parent_domain": parent_of(mail_domain or website),
        "company": text["company"],
        "city": text["city"],
        "last_name": text["last_name"],
    }


def parent_of(domain: str) -> str:
    """Return the registered domain that a domain is under, or ""."""
    parent = registered_domain(domain) if domain else ""
    return parent if parent != domain and is_own(parent) else ""


def same_email(text: str) -> str:
    """Return an address as it's stored. If invalid, return it in lowercase."""
    try:
        return normalize_email(text)
    except Invalid:
        return normalize("NFC", text).lower()


def identify_many(leads: list[dict[str, str]]) -> list[Found]:
    """Find contact and account of each lead, exact matches in one query for all."""
    contacts, accounts = Contacts(leads), Accounts(leads)
    matches = [Found() for _lead in leads]
    for keys, match in zip(leads, matches, strict=True):
        contacts.tell(keys, match)
        accounts.tell(keys, match)
        accounts.tell_parents(keys, match)
    unknown = [pair for pair in zip(leads, matches, strict=True) if pair[1].account is None and pair[0]["company"]]
    likely = Likely([keys for keys, _one in unknown])
    for keys, match in unknown:
        tell_likely(keys, match, likely)
    return matches


def tell_likely(keys: dict[str, str], match: Found, likely: Likely) -> None:
    """Link the only account with the exact name in the same city. Suggest those with similar names (INTAKE-4)."""
    exact, alike = likely.of(keys)
    if exact is not None:
        match.account = exact["id"]
        match.reasons["account"], match.scores["account"] = "name", 1.0
    known = {entry["id"] for entry in match.suggestions if entry["entity"] == "accounts"}
    match.suggestions += [suggestion("accounts", row["id"], score, "name") for score, row in alike
                          if row["id"] not in known]  # fmt: skip


class Contacts:
    """Contacts that have one of the leads' addresses or numbers."""

    def __init__(self, leads: list[dict[str, str]]) -> None:
        emails, phones = folded_emails(leads), distinct_values(leads, "phone")
        condition = Q(folded__in=emails) if emails else Q(pk__in=[])
        if phones:
            condition |= Q(phone__in=phones) | Q(mobile__in=phones)
        rows = Contact.objects.alias(folded=Fold("email")).filter(condition, private_to=None)
        wanted = ("id", "name", "last_name", "email", "phone", "mobile", "account_id", "account__is_archived")
        self.rows: list[Any] = list(rows.values(*wanted)[:2000])
        self.rows += self.by_channel(emails, phones)

    def by_channel(self, emails: list[str], phones: list[str]) -> list[dict[str, Any]]:
        """Find contacts by their additional channels."""
        if not emails and not phones:
            return []
        channels = Channel.objects.alias(folded=Fold("value")).filter(
            folded__in=[*emails, *phones], contact__private_to=None
        )
        return [
            {
                "id": channel.contact_id, "name": channel.contact.name, "last_name": channel.contact.last_name,
                "email": channel.value.lower(), "phone": channel.value, "mobile": "",
                "account_id": channel.contact.account_id,
                "account__is_archived": channel.contact.account is not None and channel.contact.account.is_archived,
            }
            for channel in channels.select_related("contact__account")[:2000]
        ]  # fmt: skip

    def tell(self, keys: dict[str, str], match: Found) -> None:
        """Add the contact of a lead, or several as suggestions, to its matches."""
        exact = [row for row in self.rows if keys["email"] and row["email"].lower() == keys["email"]]
        reason = "email"
        if not exact and keys["phone"]:
            reason = "phone"
            same = [row for row in self.rows if keys["phone"] in (row["phone"], row["mobile"])]
            exact = [row for row in same if not rules.differs(row["last_name"], keys["last_name"])]
        if len({row["id"] for row in exact}) == 1:
            match.contact, match.account = exact[0]["id"], open_account_of(exact[0])
            for name in ("contact",) if match.account is None else ("contact", "account"):
                match.reasons[name], match.scores[name] = reason, 1.0
        elif exact:
            match.several.add("contact")
            match.suggestions += [suggestion("contacts", row["id"], 0.8, reason) for row in exact[:5]]


class Accounts:
    """Accounts that have one of the leads' addresses, numbers or domains."""

    def __init__(self, leads: list[dict[str, str]]) -> None:
        self.by: dict[str, dict[str, list[Any]]] = {reason: defaultdict(list) for reason in REASONS}
        wanted = {reason: distinct_values(leads, reason) for reason in REASONS}
        self.read("email", folded_emails(leads), Fold("email"), exact="email")
        self.read("phone", wanted["phone"], F("phone"))
        self.read("registration_number", wanted["registration_number"], F("registration_key"))
        self.read("vat_number", wanted["vat_number"], F("vat_key"))
        domains = sorted({*wanted["domain"], *wanted["mail_domain"], *distinct_values(leads, "parent_domain")})
        for column in ("website", "email"):
            self.read("domain", domains, Domain(column), column)
        self.by["mail_domain"] = self.by["domain"]

    def read(self, reason: str, values: list[str], expression: Any, given: str = "", exact: str = "") -> None:
        """Load the accounts whose expression has one of the values and whose column `given` isn't empty.

        They're indexed by this value or, if it's only approximate (`exact`), by the value of the column itself.
        """
        if not values:
            return
        rows = open_accounts().annotate(matched=expression).filter(matched__in=values)
        if given:
            rows = rows.filter(**{f"{given}__gt": ""})
        for row in rows.values("id", "name", "matched", *NUMBERS, *([exact] if exact else ()))[:2000]:
            key = row[exact].lower() if exact else row["matched"]
            if row["id"] not in {existing["id"] for existing in self.by[reason][key]}:
                self.by[reason][key].append(row)

    def tell(self, keys: dict[str, str], match: Found) -> None:
        """Add the account of a lead, or several as suggestions, to its matches."""
        for reason in REASONS:
            if match.account is not None:
                return
            rows = self.having(reason, keys)
            shown_reason = "domain" if reason in DOMAINS else reason
            if len(rows) == 1:
                match.account = rows[0]["id"]
                match.reasons["account"], match.scores["account"] = shown_reason, 1.0
            elif rows:
                if reason not in DOMAINS:
                    match.several.add("account")
                known = {entry["id"] for entry in match.suggestions if entry["entity"] == "accounts"}
                match.suggestions += [
                    suggestion("accounts", row["id"], 0.8, shown_reason) for row in rows[:5] if row["id"] not in known
                ]

    def tell_parents(self, keys: dict[str, str], match: Found) -> None:
        """Suggest accounts with the parent domain of the lead's: a parent company, or the same company."""
        if match.account is None and keys["parent_domain"]:
            known = {entry["id"] for entry in match.suggestions if entry["entity"] == "accounts"}
            rows = self.by["domain"].get(keys["parent_domain"], [])
            match.suggestions += [
                suggestion("accounts", row["id"], 0.7, "domain") for row in rows[:5] if row["id"] not in known
            ]

    def having(self, reason: str, keys: dict[str, str]) -> list[Any]:
        """Return the accounts that match a lead. Of several with its domain, return the one with its name."""
        rows = self.by[reason].get(keys[reason], []) if keys[reason] else []
        if reason in COMPARED:
            country, read = COMPARED[reason]
            number = CompanyNumber(keys[country], keys[reason])
            return [row for row in rows if number.is_same(read(row))]
        if reason in DOMAINS and len(rows) > 1:
            named = [row for row in rows if is_same_company(keys["company"], row["name"])]
            return named if len(named) == 1 else rows
        return rows


def open_accounts() -> QuerySet[Account]:
    """Return the accounts to match: neither private nor archived."""
    return Account.objects.filter(private_to=None, is_archived=False)


def open_account_of(contact: dict[str, Any]) -> int | None:
    """Return the id of a contact's account unless it's archived."""
    return None if contact["account__is_archived"] else contact["account_id"]


def distinct_values(leads: Iterable[dict[str, str]], key: str) -> list[str]:
    """Return the non-empty values of a key in a fixed order."""
    return sorted({lead[key] for lead in leads if lead[key]})


def folded_emails(leads: Iterable[dict[str, str]]) -> list[str]:
    """Return the addresses as in the indexes: good enough for lookups, but not for equality (ádá isn't ada)."""
    return [fold(value) for value in distinct_values(leads, "email")]


def suggestion(entity: str, pk: int, score: float, reason: str) -> dict[str, Any]:
    """Return a suggested record. Its name is looked up for each reader, if visible to them."""
    return {"entity": entity, "id": pk, "score": round(score, 2), "reason": reason}


def open_leads_of(leads: list[dict[str, str]]) -> list[Lead]:
    """Return open leads that may be of the same persons, oldest first, locked until the transaction ends."""
    emails, phones = distinct_values(leads, "email"), distinct_values(leads, "phone")
    if not emails and not phones:
        return []
    condition = Q(email__in=emails, email__gt="") | Q(phone__in=phones, phone__gt="")
    return list(Lead.objects.open().filter(condition).order_by("pk").select_for_update(of=("self",)))


def hold_persons(leads: list[dict[str, str]]) -> None:
    """Prevent two workers from processing the same person at once: one waits for the other's transaction."""
    keys = sorted({f"{name}:{lead[name]}" for lead in leads for name in PERSON_KEYS if lead[name]})
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(7203, k) FROM (SELECT DISTINCT hashtext(u) AS k FROM unnest(%s::text[]) u"
                " ORDER BY 1) held",
                [keys],
            )
