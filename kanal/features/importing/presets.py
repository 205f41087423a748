"""Headers of other systems: exports of HubSpot, Salesforce, Dynamics, Odoo and others."""

from collections.abc import Iterable, Iterator
from typing import Any

from kanal.core.fields import Field
from kanal.features.importing.profiles import profile_of

# One line per field: field | headers, as these systems and address books write them in English and German. Each
# `ImportProfile` names those that its type has (`heads`).
PERSON = """
first_name | First Name|Given name|Vorname|Fornavn|Person - First name
last_name | Last Name|Family name|Surname|Nachname|Etternavn|Person - Last name
full_name | Full Name|Name|Person - Name|Contact name|Contact person|Display Name|Anzeigename|Kontaktperson
title | Salutation|Prefix|Anrede
job_title | Job Title|Position|Function|Stilling|Contact: Title|Person - Job title
email | Email|E-mail Address|Email Address|E-mail-Adresse|E-post|Epost|Mail|Primary Email|Person - Email
email | Person - Email - Work
email | Email - Work|Work email|E-mail 1 - Value|Contact: Email
phone | Phone Number|Business Phone|Telephone|Telefon|Telefon geschäftlich|Work phone|Phone - Work|Person - Phone
phone | Person - Phone - Work|Company Main Phone|Primary Phone|Tel
mobile | Mobile Phone Number|Mobile Phone|Mobile Number|Mobil|Mobiltelefon|Cell phone|Phone - Mobile
mobile | Person - Phone - Mobile
birthday | Birthdate|Geburtstag|Date of birth|Birth date
phone | Home Phone|Main Phone|Work Phone Number
"""
PLACE = """
street | Street Address|Business Street|Mailing Street|Billing Street|Address|Straße geschäftlich|Adresse
street | Address Line 1
street | Organization - Address|Address 1: Street 1|Street 1|Address1|Gate|Gateadresse|Postadresse
city | Address 1: City|Business City|Mailing City|Billing City|Town|Ort|Ort geschäftlich|Poststed|Organization - City
postcode | Postal Code|Zip|Zip/Postal Code|Mailing Zip/Postal Code|Billing Zip/Postal Code|Business Postal Code
postcode | Postleitzahl|Address 1: ZIP/Postal Code
postcode | Postleitzahl geschäftlich|Postnummer|PLZ|Mailing Zip|Billing Zip
region | Address 1: State/Province
region | State/Region|State|State/Province|Mailing State/Province|Billing State/Province|Business State|Bundesland
country | Country/Region|Mailing Country|Billing Country|Business Country/Region|Land|Land/Region geschäftlich
country | Land/Region|Address 1: Country/Region
website | Website Link|Website URL|Web Page|Webseite|Company Domain Name|Domain|Homepage|Web site|Organization - Website
"""
# Headers unique to a system: two of them identify the origin of an export.
_SIGNS = {
    "HubSpot": "Record ID|Company owner|Contact owner|Deal owner|Lifecycle Stage|Deal Stage|Deal Name"
    "|Company Domain Name"
    "|Associated Company|Marketing contact status|Last Activity Date|Mobile Phone Number|Associated Company IDs",
    "Salesforce": "Opportunity Name|Opportunity Owner|Account Owner|Lead Owner|Owner Role|Probability (%)|Fiscal Period"
    "|Account ID|Opportunity ID|Billing Street|Mailing Street|Last Modified Date|Amount Currency|Company / Account"
    "|Zip/Postal Code|State/Province|Lead Source",
    "Pipedrive": "Deal - Title|Deal - Organization|Deal - Value|Deal - Stage|Deal - Owner|Deal - Currency of Value"
    "|Person - Name|Person - Email|Person - Organization|Organization - Name|Organization - Address|Lead - Title"
    "|Person - Phone",
    "Dynamics 365": "(Do Not Modify) Account|(Do Not Modify) Contact|(Do Not Modify) Lead|(Do Not Modify) Opportunity"
    "|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On|Address 1: City|Address 1: Street 1|Status Reason|Topic"
    "|Main Phone|Company Name (Parent Customer)|Est. Close Date|Est. Revenue",
    "Odoo": "External ID|Company Type|Street2|Salesperson|Sales Team|Website Link"
    "|Expected Revenue|Expected Closing|Tags",
    "Zoho CRM": "Record Id|Email Opt Out|Lead Status|Secondary Email"
    "|Lead Owner|Contact Owner|Account Owner|Deal Owner|Mailing Zip|Closing Date"
    "|Contact Name",
    "Outlook": "E-mail Address|E-mail Display Name|E-mail Type|Business Phone|Business Street|Business City"
    "|Mobile Phone"
    "|Business Country/Region|Web Page|E-mail 2 Address|Sensitivity|E-Mail-Adresse|Straße geschäftlich"
    "|Telefon geschäftlich",
}
# Headers whose cells are appended to those of another column of the same field.
FURTHER = {
    "Middle Name": "first_name", "Business Street 2": "street", "Business Street 3": "street",
    "Weitere Vornamen": "first_name",
    "Address Line 2": "street", "Street Address 2": "street", "Street2": "street", "Street 2": "street",
    "Address 1: Street 2": "street", "Address 1: Street 3": "street",
    "E-mail 2 Address": "email", "E-mail 3 Address": "email", "Other e-mail": "email", "Secondary Email": "email",
    "E-mail 2 - Value": "email", "Additional email addresses": "email", "Email 2": "email",
}  # fmt: skip


def usual(entity: str) -> Iterator[tuple[str, str]]:
    """Yield other systems' headers for the fields of a record type as (header, key), the most certain first."""
    heads_before: set[str] = set()
    for line in profile_of(entity).heads.strip().splitlines():
        key, _bar, heads = (part.strip() for part in line.partition(" | "))
        for head in heads.split("|"):
            if head and head not in heads_before:
                heads_before.add(head)
                yield head, key


def system_of(heads: Iterable[str]) -> str:
    """Return the system that exports these headers, or ""."""
    given = {head.casefold() for head in heads}
    scores = {name: sum(part.casefold() in given for part in signs.split("|")) for name, signs in _SIGNS.items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 1 else ""


def preset_of(field: Field) -> Any:
    """Return the default option of a required choice: the first one."""
    if field.type.category != "choice":
        return None
    default = field.table.default(field.group) if field.has_rows else None
    options = field.options()
    return default.key if default else options[0].key if options else None
