"""Rules of partners."""

from typing import Any

from django.utils.translation import gettext as _

from kanal.kit.chains import is_below_itself
from kanal.kit.registrations import check_vat, tidy_vat


def partner_defaults(by: Any) -> dict[str, Any]:
    """Return the author as the partner's manager."""
    return {"manager": by.user.pk} if by.user is not None and not by.user.is_external else {}


def derive_partner(partner: Any, changed: set[str]) -> None:
    """Normalize the VAT number. An invalid one is left for the check to report."""
    partner.vat_number = tidy_vat(partner.vat_number, partner.country)


def check_partner(partner: Any, errors: dict[str, list]) -> None:
    """Require a well-formed VAT number, and a tree of distributors without cycles."""
    check_vat(partner.vat_number, partner.country, errors)
    if is_below_itself(partner):
        errors["parent"] = [_("A partner can't be its own parent.")]
