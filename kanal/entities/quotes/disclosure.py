"""Fields disclosed by a document, based on its template's tokens, and names hidden from a partner."""

from collections.abc import Iterable, Mapping
from typing import Any

from kanal.core import registry
from kanal.core.access import FieldContext, UserPermissions
from kanal.core.access.queryset import partner_condition
from kanal.entities.quotes.tokens import ITEM_TELLS, TOTAL_TELLS

# The types disclosed by a token group, and the fields by which the quote refers to them.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "quote": ("quotes", ()),
    "opportunity": ("opportunities", ()),
    "account": ("accounts", ("opportunities.account",)),
    "contact": ("contacts", ("opportunities.main_contact",)),
    "partner": ("partners", ("opportunities.partner",)),
    "seller": ("users", ("opportunities.assignee",)),
    "items": ("quote-items", ()),
    "totals": ("quotes", ()),
}
QUOTE_TELLS = {"date": ("created_at",), "revision": ("revision_number",)}
TELLS: dict[str, Mapping[str, tuple[str, ...]]] = {"items": ITEM_TELLS, "totals": TOTAL_TELLS, "quote": QUOTE_TELLS}


def told_fields(tokens: Iterable[str], user: Any) -> list[str]:
    """Return the fields, as `quotes.value`, that are disclosed by a user's document from a template with these tokens.

    Fields that the user can't read are empty in it.
    """
    keys: set[str] = set()
    for token in tokens:
        group, _dot, name = token.replace("[]", "").partition(".")
        if group in GROUPS and name:
            key, ways = GROUPS[group]
            known = FieldContext(user, registry.get(key)).readable
            named = TELLS.get(group, {}).get(name, (name,))
            keys |= {*ways, *(f"{key}.{field_name}" for field_name in named if field_name in known)}
    return sorted(keys)


def names_others(opportunity: Any, tokens: Iterable[str]) -> bool:
    """Return whether a template names an account or contact hidden from the opportunity's partner (ACC-8)."""
    if opportunity.partner_id is None:
        return False
    outside = UserPermissions(user_id=0, partner_id=opportunity.partner_id, is_external=True)
    groups = {token.partition(".")[0] for token in tokens}
    named = {"account": ("accounts", opportunity.account_id), "contact": ("contacts", opportunity.main_contact_id)}
    for group, (key, pk) in named.items():
        if group in groups and pk is not None:
            entity = registry.get(key)
            theirs = entity.model._default_manager.filter(partner_condition(outside, entity).q, private_to=None, pk=pk)
            if not theirs.exists():
                return True
    return False
