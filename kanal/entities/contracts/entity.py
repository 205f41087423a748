"""Contracts as a record type, and their additions to accounts."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.core import registry, writes
from kanal.core.action import Action, Button, Dialog
from kanal.core.context import Context, today
from kanal.core.entity import Entity, Figure, Listing, Rules, Scope, Section, Tab
from kanal.core.fields import FIELD_TYPES, Field, fields_of
from kanal.core.fields.from_model import model_field
from kanal.core.registry import extend, register
from kanal.entities.contracts import actions, amending, phrases, rules
from kanal.entities.contracts.figures import lifetime_revenue, running_contracts, visible_figures
from kanal.entities.contracts.models import Contract
from kanal.entities.contracts.versions import versions_of
from kanal.kit.errors import Refused


def derive_contract(contract: Any, changed: set[str]) -> None:
    """Number a new contract, and update its state from its dates (CON-5)."""
    if not contract.number:
        contract.number = f"C-{writes.next_number('contracts'):05d}"
    contract.status = rules.state_on(contract, Context.company().day)


def present_terms(contract: Any) -> dict[str, Any]:
    """Return the initial values of the amendment dialog: the current terms."""
    known = fields_of(registry.get("contracts"))
    day = max(candidate for candidate in (today(), contract.start) if candidate)
    return {**{key: known[key].get(contract) for key in amending.ASKED}, "amended_from": day}


def guard_contract(contract: Any, changed: set[str], by: Any) -> None:
    """Prevent deletion of contracts, which are only removed from an unlocked sale or cancelled."""
    if changed == {"*"} and (reason := rules.why_not_remove(contract, by.user)):
        raise Refused(reason)


VALUE, PRICE = model_field(Contract, "value"), model_field(Contract, "price")
AMENDED = (
    Field("amended_from", _("Amended from"), FIELD_TYPES["date"], required=True),
    *(model_field(Contract, name).but(read_only=False, required=False, default=None) for name in amending.ASKED),
    Field("open_ended", _("Without an end"), FIELD_TYPES["boolean"], default=False),
    Field("reason", _("Reason"), FIELD_TYPES["text"], max_length=500),
)
ACTIONS = (
    Action(
        "amend", _("Amend"), amending.amend, permission="edit", state=rules.why_not_amend,
        dialog=Dialog(AMENDED, initial=present_terms),
        button=Button("edit", done=_("The contract was amended.")),
    ),
    Action(
        "mark-delivered", _("Mark delivered"), actions.mark_delivered, state=rules.why_not_deliver,
        dialog=Dialog(("delivered_on",)),
        button=Button("truck-delivery", done=_("The contract is delivered.")),
    ),
    Action(
        "new-upsell-opportunity", _("New upsell opportunity"), actions.new_upsell_opportunity,
        hidden=lambda contract: not contract.type.is_time_based and _("This contract has no term."),
        button=Button("trending-up", done=_("The opportunity was created.")),
    ),
    Action(
        "cancel", _("Cancel contract"), actions.cancel_contract, state=rules.why_not_cancel,
        dialog=Dialog((model_field(Contract, "cancel_reason").but(read_only=False, required=True), "cancelled_on")),
        button=Button("circle-x", place="more", tone="danger", done=_("The contract is cancelled.")),
    ),
    Action(
        "remove", _("Remove contract"), actions.remove, permission="delete", state=rules.why_not_remove,
        button=Button("x", place="more", tone="danger", confirm=_("Are you sure?")),
    ),
)  # fmt: skip
CONTRACTS = register(
    Entity(
        model=Contract, key="contracts", path="crm/contracts", title="name", icon="file-certificate",
        subtype="type", phrases=phrases.CONTRACT,
        head=("number", "type", "account", "opportunity", "responsible", "start", "end"),
        sections=(
            Section(
                _("Contract"),
                ("name", "number", "type", "status", "account", "opportunity", "quote", "item", "product"), "contract",
            ),
            Section(
                _("Value"), ("amount", "unit", "price", "value", "recurrence", "billing_schedule"), "value",
            ),
            Section(
                _("Term"),
                ("start", "end", "term_months", "notice_period_months", "renewal", "delivered_on", "sold_on",
                 "cancelled_on",
                 "cancel_reason"),
                "term",
            ),
            Section(_("Prices"), ("price_book", "brand", "product_version", "amendment"), "prices"),
            Section(_("Responsibility"), ("project", "responsible", "partner"), "responsibility"),
        ),
        listing=Listing(
            ("name", "number", "type", "status", "account", "value", "start", "end", "responsible"),
            "-updated_at", ("name", "number"), "status", period="sold_on",
            dates=("end",),
        ),
        scope=Scope(
            project="project_id", partner=("partner_id",), owners=("created_by", "responsible"),
            inherits=("opportunity", "account"), locked_under="opportunity",
        ),
        rules=Rules(
            derive=derive_contract, check=rules.check_contract, guard=guard_contract, settled=Q(pk__isnull=False),
        ),
        actions=ACTIONS,
        figures=(
            Figure("value", _("Value"), lambda contract, user: VALUE.get(contract), ("value",)),
            Figure("price", _("Price"), lambda contract, user: PRICE.get(contract), ("price",)),
        ),
        tabs=(
            Tab(
                "versions", _("Versions"), template="contracts/versions.html", context=versions_of, tells=(),
                hidden=lambda contract: not contract.amendment and not contract.versions.exists(),
            ),
        ),
        has_overview=True, has_comments=True, has_files=True, is_creatable=False, is_deletable=False,
        update_label=_("Save"),
    )
)  # fmt: skip

extend(
    "accounts",
    Tab(
        "contracts",
        _("Contracts"),
        list=("contracts", "account:is({id})"),
        about=_("Contracts are created when an opportunity is sold."),
    ),
    Figure(
        "lifetime_revenue",
        _("Lifetime revenue"),
        lifetime_revenue,
        tells=("contracts.value", "contracts.account"),
        source=visible_figures,
        order=10,
    ),
    Figure(
        "running_contracts",
        _("Running contracts"),
        running_contracts,
        tells=("contracts.status", "contracts.end", "contracts.account"),
        source=visible_figures,
        order=30,
    ),
)
