"""The record types of quotes, the actions on them, and additions to opportunities."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.core import audit
from kanal.core.access import UserPermissions
from kanal.core.access.condition import NOTHING, AccessCondition, compare
from kanal.core.action import Action, Button, Dialog
from kanal.core.entity import Entity, Figure, Listing, Rules, Scope, Section
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.fields.from_model import model_field
from kanal.core.fields.types import JsonType
from kanal.core.registry import extend, register
from kanal.entities.opportunities.rules import why_locked
from kanal.entities.quotes import actions, currency, documents, editing, invariants, phrases
from kanal.entities.quotes.models import DocumentTemplate, Quote, QuoteItem


def structure(key: str, label: Any, **said: Any) -> Field:
    """Return an input for a structure, such as rows. `said` is its JSON schema."""
    return Field(key, label, JsonType(**said))


def why_held(quote: Any, user: Any) -> Any:
    """Return why a quote can't be changed, or None (SOLD-2)."""
    return why_locked(quote.opportunity, user)


def open_templates(grants: UserPermissions) -> AccessCondition:
    """Return the active templates for partner users with access to templates, to generate documents of their quotes."""
    is_open = grants.is_external and grants.allows("templates", "view")
    return compare("is_active", True) if is_open else NOTHING


VALUE, TOTAL = model_field(Quote, "value"), model_field(Quote, "grand_total")
ITEMS_IN = structure(
    "items", _("Items"), type="array", items={"type": "object"},
    examples=[[{"name": "Workshop", "amount": "2", "unit_price": "900.00"}]],
)  # fmt: skip
ACTIONS = (
    Action(
        "add-items", _("Add item"), actions.add_items, state=why_held,
        dialog=Dialog((ITEMS_IN,)),
        button=Button("plus", page="quote-add-items", done=_("The items were added.")),
    ),
    Action(
        "generate", _("Generate quote"), documents.generate_by_id,
        dialog=Dialog(
            (
                Field(
                    "template", _("Template"), FIELD_TYPES["text"], required=True,
                    help=_("The id of the template’s file, as listed by templates/<id>/files."),
                ),
            ),
        ),
        button=Button("file-text", page="quote-generate"),
    ),
    Action(
        "make-active", _("Make active"), actions.make_active, state=why_held,
        hidden=lambda quote: quote.is_active and _("This quote is already active."),
        button=Button("check", done=_("The quote is active now.")),
    ),
    Action(
        "make-inactive", _("Make inactive"), actions.make_inactive, state=why_held,
        hidden=lambda quote: not quote.is_active and _("This quote is not active."),
        button=Button("circle-off", done=_("The quote is inactive now.")),
    ),
    Action(
        "currency", _("Currency"), currency.change_currency, state=why_held,
        dialog=Dialog(
            (
                model_field(Quote, "currency").but(required=True),
                structure("remove", _("Items to remove"), type="array", items={"type": "integer"}, examples=[[7]]),
                structure(
                    "prices", _("Prices by item"), type="object", additionalProperties={"type": "string"},
                    examples=[{"8": "120.00"}],
                ),
            ),
        ),
        button=Button("currency-euro", page="quote-currency"),
    ),
    Action("duplicate", _("Duplicate"), actions.duplicate, state=why_held, button=Button("copy", place="more")),
    Action(
        "new-revision", _("New revision"), actions.new_revision, state=why_held,
        button=Button("versions", place="more"),
    ),
    Action(
        "delete", _("Delete"), actions.delete_quote, state=why_held,
        hidden=lambda quote: quote.is_active and invariants.WHY_KEPT,
        button=Button("trash", place="more", tone="danger", confirm=_("Are you sure?")),
    ),
    Action(
        "add-rounding", _("Add rounding item"), actions.add_rounding, state=why_held,
        dialog=Dialog(
            (
                model_field(QuoteItem, "step").but(required=True, default=1),
                model_field(QuoteItem, "rounds").but(required=False),
            ),
        ),
        button=Button("math", place="more"),
    ),
    Action(
        "save-items", _("Save items"), editing.save_items, permission="edit", state=why_held,
        dialog=Dialog((ITEMS_IN,)),
        button=Button("table", place="more", page="quote-items-table"),
    ),
)  # fmt: skip

QUOTES = register(
    Entity(
        model=Quote, key="quotes", path="crm/quotes", title="name", phrases=phrases.QUOTE, icon="file-invoice",
        head=("number", "opportunity", "price_book", "valid_until", "created_by", "created_at"),
        sections=(
            Section(
                _("Quote"),
                ("name", "number", "opportunity", "price_book", "brand", "product_version", "currency", "state",
                 "is_active"),
                "quote",
            ),
            Section(
                _("Dates and terms"),
                ("start", "due", "valid_until", "contract_start", "language", "terms", "payment_terms", "note"),
                "terms",
            ),
            Section(
                _("Totals"),
                ("one_off", "monthly", "quarterly", "yearly", "value", "tax", "grand_total"), "totals",
            ),
            Section(_("Revisions"), ("revision_of", "revision_number"), "revisions"),
        ),
        main_fields=(
            "name", "opportunity", "price_book", "brand", "product_version", "currency", "valid_until", "payment_terms",
        ),
        listing=Listing(
            ("name", "number", "opportunity", "state", "is_active", "value", "grand_total", "valid_until"),
            "-updated_at", ("name", "number"), "state", dates=("valid_until",),
        ),
        scope=Scope(parent="opportunity", owners=()),
        rules=Rules(
            settled=Q(opportunity__sold_at__isnull=False), currency_from=("opportunity",),
            derive=invariants.derive_quote, guard=invariants.guard_quote, check=invariants.check_quote,
            after=invariants.after_quote, held=why_held,
        ),
        actions=ACTIONS,
        figures=(
            Figure("value", _("Contract value"), lambda quote, user: VALUE.get(quote), ("value",)),
            Figure("total", _("Grand total"), lambda quote, user: TOTAL.get(quote), ("grand_total",)),
        ),
        has_comments=True, has_files=True, update_label=_("Save"),
    )
)  # fmt: skip
ITEMS = register(
    Entity(
        model=QuoteItem, key="quote-items", path="crm/quote-items", title="name", icon="list-details",
        phrases=phrases.QUOTE_ITEM,
        sections=(
            Section(
                _("Item"),
                ("quote", "position", "kind", "product", "bundle", "category", "name", "description", "amount", "unit"),
                "item",
            ),
            Section(
                _("Price"),
                ("unit_price", "list_price", "discount_percent", "discount_amount", "tax_percent", "recurrence",
                 "term_months", "step", "rounds", "is_optional", "is_taken", "total", "value", "price_origin"),
                "price",
            ),
        ),
        main_fields=("quote", "product", "bundle", "name", "amount", "unit_price"),
        listing=Listing(("name", "kind", "amount", "unit", "unit_price", "total", "quote"), "-updated_at", ("name",)),
        scope=Scope(parent="quote", owners=()),
        rules=Rules(
            derive=invariants.derive_item, guard=invariants.guard_item, check=invariants.check_item,
            after=invariants.after_item,
            gone=invariants.gone_item, held=lambda item, user: why_held(item.quote, user),
            currency_from=("quote",),
        ),
        internal=("copied_from",),
        tells_of={"price_origin": ("unit_price", "list_price")}, update_label=_("Save"),
    )
)  # fmt: skip
TEMPLATES = register(
    Entity(
        model=DocumentTemplate, key="templates", path="settings/templates", title="name", icon="file-type-docx",
        phrases=phrases.TEMPLATE,
        settings_group="sales",
        sections=(Section(_("Document template"), ("name", "description", "language", "is_active"), "template"),),
        listing=Listing(("name", "language", "is_active", "updated_at"), "name", ("name",)),
        scope=Scope(owners=(), also=(open_templates,)),
        has_files=True, update_label=_("Save"),
    )
)  # fmt: skip

extend(
    "opportunities",
    Action(
        "new-quote", _("New quote"), actions.new_quote, state=why_locked,
        dialog=Dialog(
            (
                "name", "price_book", "brand", "product_version", "currency", "start", "due", "valid_until",
                "contract_start", "note", ITEMS_IN,
            ),
            model=Quote,
        ),
        button=Button("file-plus", place="primary", page="quote-new"),
    ),
)  # fmt: skip

audit.watch(DocumentTemplate, audit.Kind.SETTINGS, "name")
