"""Rules of accounts: their name, numbers and privacy."""

from typing import Any

from django.utils.translation import gettext as _

from kanal.kit.chains import is_below_itself
from kanal.kit.errors import Refused
from kanal.kit.registrations import check_vat, registration_number, tidy_vat, vat_number


def check_type(kind: Any, errors: dict[str, list]) -> None:
    """Add an error for a type without name fields (ACCT-1)."""
    if not kind.has_organization and not kind.has_personal_name:
        errors["has_organization"] = [_("An account type needs at least one of the name fields.")]


def account_defaults(by: Any) -> dict[str, Any]:
    """Return the author as account manager. For an external author, return also their partner."""
    from kanal.entities.accounts.models import AccountType

    preset: dict[str, Any] = {}
    default = AccountType.default()
    if default:
        preset["type"] = default.key
    if by.user is not None:
        preset["account_manager"] = by.user.pk
        if by.user.is_external:
            preset["partner"] = by.user.partner_id
    return preset


def derive_account(account: Any, changed: set[str]) -> None:
    """Set the name from its parts, and the user to whom a private account is visible."""
    account.name = name_of(account)
    account.vat_number = tidy_vat(account.vat_number, account.country)
    account.registration_key, account.vat_key = account_keys(account)
    if not account.is_private:
        account.private_to_id = None
    elif account.private_to_id is None:
        account.private_to_id = account.created_by_id


def name_of(account: Any) -> str:
    """Return the organization if the type has one, else the person's name."""
    person = f"{account.first_name} {account.last_name}".strip()
    if account.type_id and not account.type.has_organization:
        return person or account.organization
    return account.organization or person


def account_keys(account: Any) -> tuple[str, str]:
    """Return the keys by which an account is found: registration and VAT number in normalized form (INTAKE-4)."""
    registration = registration_number(account.registration_number, account.country, account.vat_number)
    return registration.number[:40], vat_number(account.vat_number, account.country).number[:40]


def check_account(account: Any, errors: dict[str, list]) -> None:
    """Require the name fields of the type, a well-formed VAT number, and a tree without cycles."""
    kind = account.type
    if kind.has_organization and not kind.has_personal_name and not account.organization:
        errors["organization"] = [_("This field is required.")]
    elif kind.has_personal_name and not kind.has_organization and not account.last_name:
        errors["last_name"] = [_("This field is required.")]
    elif not account.name:
        errors["organization"] = [_("Enter the name of the organization or of the person.")]
    check_vat(account.vat_number, account.country, errors)
    if account.is_private and account.private_to_id is None:
        errors["is_private"] = [_("Only a user can make an account private.")]
    if is_below_itself(account):
        errors["parent"] = [_("An account can't be its own parent.")]


def guard_account(account: Any, changed: set[str], by: Any) -> None:
    """Allow only the author to make an account private, and only its owner to make it public again (ACC-5)."""
    if "is_private" not in changed:
        return
    keeper = account.private_to_id if account.is_private else account.created_by_id
    if by.user_id is None or by.user_id != keeper:
        raise Refused(_("Only its author can make an account private."))
