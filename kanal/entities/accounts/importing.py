"""Import profiles for accounts, and creation of accounts from a name."""

from collections.abc import Mapping
from typing import Any

from kanal.core import access
from kanal.entities.accounts.entity import ACCOUNTS
from kanal.features.importing.presets import PLACE
from kanal.features.importing.profiles import ImportProfile, register_profile

HEADS = f"""
organization | Company name|Account Name|Name|Organization - Name|Organization name|Company|Firma|Firmanavn
organization | Company: Name
account_manager | Company owner|Account Owner|Owner|Organization - Owner|Salesperson
phone | Phone Number|Phone|Main Phone|Business Phone|Telefon|Company Main Phone
email | Email|E-mail Address|E-post|Epost|Company email
parent | Parent Account|Parent Company
comment | Description|About us|Account Description|Notes
vat_number | VAT|VAT ID|Tax ID|USt-IdNr.|UID
registration_number | Org. nr.|Organisasjonsnummer|Company number|Registration no.
{PLACE}
"""


def type_and_project(user: Any, fixed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first type that the user may choose, and the project of the import."""
    values: dict[str, Any] = {"type": access.FieldContext(user, ACCOUNTS).writable["type"].options()[0].key}
    return values | ({"projects": [fixed["project"]]} if fixed.get("project") else {})


register_profile("accounts", ImportProfile(heads=HEADS, name_field="organization", initial=type_and_project))
register_profile("account-groups", ImportProfile(name_field="name"))
