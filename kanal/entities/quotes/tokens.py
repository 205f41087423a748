"""The tokens of quote documents: their names, and their plain values for a quote (DOC-1, DOC-2)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kanal.core import access, registry, settings
from kanal.core.access import FieldContext, visible_to
from kanal.core.context import today
from kanal.core.fields import Field, fields_of
from kanal.entities.quotes.invariants import computed
from kanal.entities.quotes.models import Quote, QuoteItem
from kanal.entities.quotes.rules import PERIOD
from kanal.kit.documents import QUOTE_TOKENS
from kanal.kit.numbers import format_money, format_number

COMPANY = ("name", "address", "vat_number", "email", "phone", "website", "bank")
ADDRESS = ("name", "street", "postcode", "city", "region", "country", "vat_number")
MORE_ACCOUNT = ("registration_number", "email", "phone", "website")
PERSON = ("name", "first_name", "last_name", "job_title", "email", "phone")
SELLER = ("name", "job_title", "email", "phone")
WITH_CUSTOM = {"quote": "quotes", "opportunity": "opportunities", "account": "accounts", "contact": "contacts"}
SAMPLE_DATES = ("today", "date", "valid_until", "start", "due", "expected_close_date")
SAMPLE_NUMBERS = (
    "amount", "unit_price", "discount_percent", "discount_amount", "tax", "total", "value", "term_months", "position",
    "revision",
)  # fmt: skip
MORE = (
    *(f"account.{name}" for name in MORE_ACCOUNT),
    *("opportunity.number", "opportunity.description", "opportunity.need", "opportunity.expected_close_date"),
    *("partner.email", "partner.phone", "quote.state", "quote.start", "quote.due", "quote.note", "quote.brand"),
    *(
        "quote.product_version",
        "quote.revision",
        "items[].kind",
        "items[].code",
        "items[].discount_percent",
        "items[].discount_amount",
        "items[].value",
        "items[].term_months",
    ),
    *("totals.value", "totals.optional"),
)


def known_tokens() -> list[str]:
    """List all tokens for templates, including custom fields."""
    custom = [f"{group}.custom.{field.name}" for group, key in WITH_CUSTOM.items() for field in custom_of(key)]
    return sorted({*QUOTE_TOKENS, *MORE, *custom})


def sample_context() -> dict[str, Any]:
    """Return a sample value for every token, for a trial document without a quote."""
    context: dict[str, Any] = {}
    for token in known_tokens():
        *groups, name = token.split(".")
        values = context
        for group in groups:
            if group.endswith("[]"):
                values = values.setdefault(group.removesuffix("[]"), [{}])[0]
            else:
                values = values.setdefault(group, {})
        values[name] = sample_value(groups, name)
    return context


def sample_value(groups: list[str], name: str) -> Any:
    """Return a sample number, date, boolean or text, depending on the token's name."""
    if name in SAMPLE_DATES:
        return date(2026, 1, 31)
    if "totals" in groups or name in SAMPLE_NUMBERS:
        return Decimal("1234.50")
    if name in ("currency", "is_optional"):
        return "EUR" if name == "currency" else False
    custom = next((field for group in groups if group in WITH_CUSTOM for field in custom_of(WITH_CUSTOM[group])
                   if "custom" in groups and field.name == name), None)  # fmt: skip
    if custom is not None and custom.type.category in ("number", "money"):
        return Decimal(42)
    return date(2026, 1, 31) if custom is not None and custom.type.key == "date" else "Sample"


def custom_of(entity_key: str) -> list[Field]:
    """List the custom fields of a type."""
    return [field for field in fields_of(registry.get(entity_key)).values() if field.is_custom]


def context_of(quote: Quote, *, user: Any = None, language: str = "en") -> dict[str, Any]:
    """Return every token's value for a quote in a language: plain values, and only those readable by the user."""
    with translation.override(language):
        opportunity = access.readable(user, quote.opportunity)
        account = seen(user, "accounts", opportunity.account_id)
        contact = seen(user, "contacts", opportunity.main_contact_id)
        seller = opportunity.assignee or access.readable(user, quote.created_by)
        context = {
            "company": {name: settings.value(f"company.{name}") or "" for name in COMPANY},
            "account": account_values(account),
            "contact": column_values(contact, PERSON),
            "seller": seller_values(user, seller),
            "partner": column_values(seen(user, "partners", opportunity.partner_id), ("name", "email", "phone")),
            "opportunity": column_values(opportunity, ("name", "number", "description", "need", "expected_close_date")),
            "quote": quote_values(access.readable(user, quote)),
            "today": today(),
            **items_and_totals(quote, user),
        }
        for group, record in (
            ("quote", quote),
            ("opportunity", opportunity),
            ("account", account),
            ("contact", contact),
        ):
            own = getattr(record, "unlimited", record)
            context[group]["custom"] = custom_values(user, WITH_CUSTOM[group], own)
        return context


def seen(user: Any, key: str, pk: int | None) -> Any:
    """Return a related record if visible to the user."""
    entity = registry.get(key)
    if pk is None:
        return None
    records = visible_to(user, entity) if user is not None else entity.model._default_manager.all()
    return access.readable(user, records.filter(pk=pk).first())


def seller_values(user: Any, seller: Any) -> dict[str, Any]:
    """Return how to reach the seller. A reader who may not see that user gets the name only."""
    is_shown = seller is None or user is None or user.pk == seller.pk or seen(user, "users", seller.pk) is not None
    return column_values(seller, SELLER) if is_shown else column_values(None, SELLER) | {"name": str(seller)}


def column_values(record: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return some columns of a record, or empty texts without one, so that every token has a value."""
    values = {name: getattr(record, name, "") if record is not None else "" for name in names}
    return {name: "" if value is None and is_hidden(record, name) else value for name, value in values.items()}


def is_hidden(record: Any, name: str) -> bool:
    """Return whether a column of a record is hidden from the reader."""
    return isinstance(record, access.ReadableRecord) and not record.shows(name)


def account_values(account: Any) -> dict[str, Any]:
    """Return an account's tokens, with the country's name."""
    values = column_values(account, (*ADDRESS, *MORE_ACCOUNT))
    if values["country"]:
        values["country"] = choice_label("accounts", "country", values["country"])
    return values


def choice_label(entity_key: str, key: str, value: str) -> str:
    """Return the label of a choice in the active language."""
    options = fields_of(registry.get(entity_key))[key].options()
    return str(next((option.label for option in options if option.key == value), value))


def custom_values(user: Any, entity_key: str, record: Any) -> dict[str, Any]:
    """Return the custom fields as texts, numbers and dates. Those that the user can't read are empty."""
    entity = registry.get(entity_key)
    readable = FieldContext(user, entity).readable
    values: dict[str, Any] = {}
    for field in custom_of(entity_key):
        value = readable[field.key].get(record) if record is not None and field.key in readable else ""
        values[field.name] = as_plain(field, value)
    return values


def as_plain(field: Field, value: Any) -> Any:
    """Return a custom value for documents."""
    if value in (None, "", []):
        return ""
    if field.type.category == "money":
        return value.amount
    if isinstance(value, datetime):
        return timezone.localtime(value)
    labels = {option.key: str(option.label) for option in field.options()} if field.choices or field.table else {}
    if isinstance(value, list):
        return [labels.get(key, str(key)) for key in value]
    return labels.get(value, value)


def quote_values(quote: Quote) -> dict[str, Any]:
    """Return the tokens of the quote itself."""
    texts = ("name", "number", "valid_until", "currency", "terms", "payment_terms", "start", "due", "note")
    return {
        **column_values(quote, texts),
        "date": timezone.localtime(quote.created_at).date() if quote.created_at else "",
        "state": str(quote.get_state_display()),
        "brand": str(quote.brand or ""),
        "product_version": str(quote.product_version or ""),
        "revision": quote.revision_number,
    }


# The fields of an item and its quote disclosed by a token, unless it's the field of the same name.
ITEM_TELLS = {"position": (), "code": ("product", "bundle"), "discount": ("discount_percent", "discount_amount"),
              "discount_amount": ("discount_percent", "discount_amount"),
              "tax": ("tax_percent",)}  # fmt: skip
TOTAL_TELLS = {"net": ("value",), "optional": ("value",)}


def limited(
    reader: access.ReadableRecord | Any, values: dict[str, Any], tells: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Return values by token, with empty texts for those that disclose a field hidden from the reader (ACC-6)."""
    if not isinstance(reader, access.ReadableRecord):
        return values
    return {name: value if reader.shows(*tells.get(name, (name,))) else "" for name, value in values.items()}


def discount_text(item: QuoteItem) -> str:
    """Return a row's discount in the active language: a percentage, or an amount with currency."""
    language = translation.get_language() or "en"
    if item.discount_percent:
        return f"{format_number(item.discount_percent, language)}\u00a0%"
    return format_money(item.discount_amount, item.currency, language) if item.discount_amount else ""


def items_and_totals(quote: Quote, user: Any = None) -> dict[str, Any]:
    """Return the repeated rows for items, and the totals."""
    items, all_figures, totals = computed(quote)
    rows, number = [], 0
    for item, line_figures in zip(items, all_figures, strict=True):
        number += item.kind != "section"
        rows.append(
            {
                "position": number if item.kind != "section" else "",
                "kind": item.kind,
                "code": item.product.code if item.product else item.bundle.code if item.bundle else "",
                "name": item.name,
                "description": item.description,
                "amount": Decimal(item.amount) if item.kind != "section" else "",
                "unit": item.unit.label if item.unit else "",
                "unit_price": Decimal(item.unit_price or 0),
                "discount": discount_text(item),
                "discount_percent": item.discount_percent or Decimal(0),
                "discount_amount": line_figures.discount,
                "tax": line_figures.tax,
                "total": line_figures.total,
                "value": line_figures.value,
                "term_months": item.term_months,
                "recurrence": str(item.get_recurrence_display()),
                "is_optional": item.is_optional,
            }
        )
    sums = {key: totals.per_recurrence[key] for key in PERIOD}
    more = {"net": totals.value, "value": totals.value, "tax": totals.tax, "optional": totals.optional}
    all_totals = {**sums, **more, "grand_total": totals.grand_total}
    return {
        "items": [limited(access.readable(user, item), row, ITEM_TELLS) for item, row in zip(items, rows, strict=True)],
        "totals": limited(access.readable(user, quote), all_totals, TOTAL_TELLS),
    }


def explained(quote: Quote, user: Any, language: str) -> list[tuple[str, Any]]:
    """List every token with its value for a quote, for rows that of the first one."""
    context = context_of(quote, user=user, language=language)
    return [(token, value_at(context, token)) for token in known_tokens()]


def value_at(context: dict[str, Any], token: str) -> Any:
    """Return the value of a token."""
    value: Any = context
    for part in token.replace("[]", ".0").split("."):
        if isinstance(value, list):
            value = value[0] if value else _("(no items)")
        elif isinstance(value, dict):
            value = value.get(part, "")
    return value
