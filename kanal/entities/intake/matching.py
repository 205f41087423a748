"""Who a lead is: known contacts, accounts and open leads, found for many leads at once (INTAKE-4).

Private accounts and their contacts never take part (ACC-5).
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
from kanal.entities.leads.models import Lead
from kanal.kit.letters import fold
from kanal.kit.text import company_name_core, similarity

LINKED_FROM = 0.9
SUGGESTED_FROM = 0.5
LIKE_FROM = 0.4
LIKE_ANYWHERE = 0.625
MOST_ALIKE = 20
ALIKE = """
SELECT asked.core, asked.town, found.* FROM unnest(%s::text[], %s::text[]) AS asked (core, town)
CROSS JOIN LATERAL (
  SELECT id, name, city FROM accounts_account WHERE {} AND private_to_id IS NULL AND NOT is_archived
  ORDER BY similarity(kanal_fold(name), asked.core) DESC, id LIMIT %s
) found
"""
NAMED = ALIKE.format("kanal_fold(name) %%> asked.core")
NEAR = ALIKE.format("kanal_fold(name) %% asked.core AND kanal_fold(city) = asked.town")
REASONS = ("email", "phone", "registration_number", "vat_number", "domain")
PERSON_KEYS = ("email", "phone")


@dataclass
class Found:
    """What is known of a lead: the open lead, the contact and the account, why, and what is only suggested."""

    lead: int | None = None
    contact: int | None = None
    account: int | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    suggestions: list[dict[str, Any]] = field(default_factory=list)


class Domain(Func):
    """The domain of an address, as the indexes on accounts have it."""

    function = "kanal_domain"
    output_field = TextField()


class Compact(Func):
    """A number without blanks and marks, as the indexes on accounts have it."""

    function = "kanal_compact"
    output_field = TextField()


def keys_of(values: dict[str, Any]) -> dict[str, str]:
    """Give what a lead is found by."""
    text = {key: str(value or "") for key, value in values.items() if isinstance(value, str | int)}
    email = normalize("NFC", text.get("email", "")).lower()
    return {
        "email": email,
        "phone": text.get("phone", ""),
        "registration_number": rules.compact(text.get("registration_number", "")),
        "vat_number": rules.compact(text.get("vat_number", "")),
        "domain": rules.company_domain(email, text.get("website", "")),
        "company": text.get("company", ""),
        "city": text.get("city", ""),
        "person": f"{text.get('first_name', '')} {text.get('last_name', '')}".strip(),
        "last_name": text.get("last_name", ""),
    }


def identify_many(leads: list[dict[str, str]]) -> list[Found]:
    """Find contact and account of each lead, exact matches for all of them at once."""
    contacts, accounts = Contacts(leads), Accounts(leads)
    found = [Found() for _lead in leads]
    for keys, one in zip(leads, found, strict=True):
        contacts.tell(keys, one)
        accounts.tell(keys, one)
    unknown = [pair for pair in zip(leads, found, strict=True) if pair[1].account is None and pair[0]["company"]]
    likely = Likely([keys for keys, _one in unknown])
    for keys, one in unknown:
        likely.tell(keys, one)
    return found


class Contacts:
    """The contacts that have one of the leads' addresses or numbers."""

    def __init__(self, leads: list[dict[str, str]]) -> None:
        emails, phones = folded_emails(leads), values_of(leads, "phone")
        condition = Q(folded__in=emails) if emails else Q(pk__in=[])
        if phones:
            condition |= Q(phone__in=phones) | Q(mobile__in=phones)
        rows = Contact.objects.alias(folded=Fold("email")).filter(condition, private_to=None)
        wanted = ("id", "name", "last_name", "email", "phone", "mobile", "account_id")
        self.rows: list[Any] = list(rows.values(*wanted)[:2000])
        self.rows += self.by_channel(emails, phones)

    def by_channel(self, emails: list[str], phones: list[str]) -> list[dict[str, Any]]:
        """Find contacts by their further channels."""
        if not emails and not phones:
            return []
        channels = Channel.objects.alias(folded=Fold("value")).filter(
            folded__in=[*emails, *phones], contact__private_to=None
        )
        return [
            {
                "id": one.contact_id, "name": one.contact.name, "last_name": one.contact.last_name,
                "email": one.value.lower(), "phone": one.value, "mobile": "", "account_id": one.contact.account_id,
            }
            for one in channels.select_related("contact")[:2000]
        ]  # fmt: skip

    def tell(self, keys: dict[str, str], found: Found) -> None:
        """Put the contact of a lead, or several as suggestions, into what is found."""
        exact = [row for row in self.rows if keys["email"] and row["email"].lower() == keys["email"]]
        reason = "email"
        if not exact and keys["phone"]:
            reason = "phone"
            same = [row for row in self.rows if keys["phone"] in (row["phone"], row["mobile"])]
            exact = [row for row in same if not rules.differs(row["last_name"], keys["last_name"])]
        if len({row["id"] for row in exact}) == 1:
            found.contact, found.account = exact[0]["id"], exact[0]["account_id"]
            found.reasons["contact"] = found.reasons["account"] = reason
            found.scores["contact"] = found.scores["account"] = 1.0
        else:
            found.suggestions += [suggestion("contacts", row["id"], 0.8, reason) for row in exact[:5]]


class Accounts:
    """The accounts that have one of the leads' addresses, numbers or domains."""

    def __init__(self, leads: list[dict[str, str]]) -> None:
        self.by: dict[str, dict[str, list[Any]]] = {reason: defaultdict(list) for reason in REASONS}
        wanted = {reason: values_of(leads, reason) for reason in REASONS}
        self.read("email", folded_emails(leads), Fold("email"), exact="email")
        self.read("phone", wanted["phone"], F("phone"))
        for column in ("registration_number", "vat_number"):
            self.read(column, wanted[column], Compact(column), column)
        for column in ("website", "email"):
            self.read("domain", wanted["domain"], Domain(column), column)

    def read(self, reason: str, values: list[str], expression: Any, given: str = "", exact: str = "") -> None:
        """Read the accounts whose expression gives one of the values, where the column `given` holds anything.

        They are known by that value, or where it is only near (`exact`) by what the column itself holds.
        """
        if not values:
            return
        rows = open_accounts().annotate(matched=expression).filter(matched__in=values)
        if given:
            rows = rows.filter(**{f"{given}__gt": ""})
        for row in rows.values("id", "name", "matched", *([exact] if exact else ()))[:2000]:
            key = row[exact].lower() if exact else row["matched"]
            if row["id"] not in {one["id"] for one in self.by[reason][key]}:
                self.by[reason][key].append(row)

    def tell(self, keys: dict[str, str], found: Found) -> None:
        """Put the account of a lead, or several as suggestions, into what is found."""
        for reason in REASONS:
            rows = self.by[reason].get(keys[reason], []) if keys[reason] else []
            if found.account is not None:
                return
            if len(rows) == 1:
                found.account = rows[0]["id"]
                found.reasons["account"], found.scores["account"] = reason, 1.0
            else:
                found.suggestions += [suggestion("accounts", row["id"], 0.8, reason) for row in rows[:5]]


def open_accounts() -> QuerySet[Account]:
    """Give the accounts that take part: neither private nor archived."""
    return Account.objects.filter(private_to=None, is_archived=False)


def values_of(leads: Iterable[dict[str, str]], key: str) -> list[str]:
    """Collect the values of a key that are there, in a fixed order."""
    return sorted({one[key] for one in leads if one[key]})


def folded_emails(leads: Iterable[dict[str, str]]) -> list[str]:
    """Give the addresses as the indexes have them: near enough to be looked up, not to be the same (ádá is not ada)."""
    return [fold(one) for one in values_of(leads, "email")]


def suggestion(entity: str, pk: int, score: float, reason: str) -> dict[str, Any]:
    """Describe a record that may be meant; its name is looked up for whoever reads, as far as they may see it."""
    return {"entity": entity, "id": pk, "score": round(score, 2), "reason": reason}


class Likely:
    """The accounts that are called like the leads' companies: each name is looked for once.

    A score from SUGGESTED_FROM on takes a share of LIKE_ANYWHERE of a name's trigrams, or of LIKE_FROM in the same
    city; asking the index for no more than that keeps it from reading what is common to half of all names.
    """

    def __init__(self, leads: list[dict[str, str]]) -> None:
        self.cores: dict[str, str] = {}
        asked = sorted({(self.core(one["company"]), fold(one["city"])) for one in leads})
        self.anywhere = alike(NAMED, "word_similarity", LIKE_ANYWHERE, sorted({(core, "") for core, _city in asked}))
        self.nearby = alike(NEAR, "similarity", LIKE_FROM, [pair for pair in asked if pair[1]])

    def core(self, name: str) -> str:
        """Give a company's name as it is compared."""
        if name not in self.cores:
            self.cores[name] = company_name_core(name)
        return self.cores[name]

    def tell(self, keys: dict[str, str], found: Found) -> None:
        """Put likely accounts into what is found, with a score; only the best is linked (INTAKE-4)."""
        core, city = self.core(keys["company"]), fold(keys["city"])
        known = {one["id"] for one in found.suggestions if one["entity"] == "accounts"}
        rows = {row["id"]: row for row in [*self.anywhere[core, ""], *self.nearby[core, city]]}
        scored = sorted(((self.score(core, city, row), row) for row in rows.values()), key=order)
        likely = [(score, row) for score, row in scored if score >= SUGGESTED_FROM and row["id"] not in known][:5]
        if likely and likely[0][0] >= LINKED_FROM and (len(likely) == 1 or likely[1][0] < likely[0][0]):
            found.account = likely[0][1]["id"]
            found.reasons["account"], found.scores["account"] = "name", round(likely[0][0], 2)
            likely = likely[1:]
        found.suggestions += [suggestion("accounts", row["id"], score, "name") for score, row in likely]

    def score(self, core: str, city: str, row: Any) -> float:
        """Score a like account: four parts the name without its legal form, one part the city."""
        same_city = bool(city) and city == fold(row["city"])
        return 0.8 * similarity(core, self.core(row["name"])) + 0.2 * same_city


def alike(
    statement: str, measure: str, least: float, pairs: list[tuple[str, str]]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Read the accounts that are most like each pair of name and city."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    if pairs:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [f"pg_trgm.{measure}_threshold", str(least)])
            cursor.execute(statement, [[core for core, _city in pairs], [city for _core, city in pairs], MOST_ALIKE])
            for core, town, pk, name, city in cursor.fetchall():
                found[core, town].append({"id": pk, "name": name, "city": city})
    return found


def order(pair: tuple[float, Any]) -> tuple[float, int]:
    """Give what pairs of score and row are sorted by: the best first, the older of two equals first."""
    return -pair[0], pair[1]["id"]


def open_leads_of(leads: list[dict[str, str]]) -> list[Lead]:
    """Read the open leads that may be of the same persons, locked until the transaction ends, the oldest first."""
    emails, phones = values_of(leads, "email"), values_of(leads, "phone")
    if not emails and not phones:
        return []
    condition = Q(email__in=emails, email__gt="") | Q(phone__in=phones, phone__gt="")
    return list(Lead.objects.open().filter(condition).order_by("pk").select_for_update(of=("self",)))


def hold_persons(leads: list[dict[str, str]]) -> None:
    """Let no two workers handle the same person at once: one waits for the other's transaction."""
    keys = sorted({f"{name}:{one[name]}" for one in leads for name in PERSON_KEYS if one[name]})
    if keys:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(7203, k) FROM (SELECT DISTINCT hashtext(u) AS k FROM unnest(%s::text[]) u"
                " ORDER BY 1) held",
                [keys],
            )
