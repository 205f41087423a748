"""Rules of personal contacts: their name, type, account and partner."""

from typing import Any

from django.utils.translation import gettext as _

from kanal.core.privacy import PERSONAL_CUSTOM

PERSONAL = (
    "title", "first_name", "last_name", "job_title", "email", "phone", "mobile", "street", "city", "postcode",
    "birthday", "description",
)  # fmt: skip


def is_personal(field: Any) -> bool:
    """Return whether a field contains personal data. Among custom fields these are free-text ones."""
    return field.key in PERSONAL or (field.is_custom and field.type.key in PERSONAL_CUSTOM)


def derive_contact(contact: Any, changed: set[str]) -> None:
    """Set the name from its parts, the presumed type, and the privacy of the account (ACC-5)."""
    contact.name = f"{contact.first_name} {contact.last_name}".strip()
    contact.private_to_id = contact.account.private_to_id if contact.account_id else None
    if contact.type_id is None:
        contact.type = presumed_type(contact)


def presumed_type(contact: Any) -> Any:
    """Return the type in the settings for people at an account or partner (CONT-2)."""
    from kanal.core import settings
    from kanal.entities.contacts.models import ContactType

    key = "contacts.employee_type" if contact.account_id else "contacts.consultant_type"
    return ContactType.by_key(settings.value(key))


def check_contact(contact: Any, errors: dict[str, list]) -> None:
    """Add an error for a person without account and partner (CONT-3)."""
    if contact.account_id is None and contact.partner_id is None:
        errors["account"] = [_("A personal contact belongs to an account or to a partner.")]
