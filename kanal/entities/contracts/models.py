"""Contracts: the proof of a closed sale, and their versions (CON-1). Only changed by actions (CON-3)."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.core import currencies
from kanal.core.context import today
from kanal.core.fields.columns import CurrencyColumn, MoneyColumn, money
from kanal.core.models import OwnedRecord
from kanal.core.query.expressions import Fold
from kanal.entities.pricebooks.models import Recurrence


class Contract(OwnedRecord):
    """A sold line of a quote, or a product of a bundle. Only created by the sale."""

    class Status(models.TextChoices):
        """The state of a contract."""

        ORDERED = "ordered", _("Ordered")
        IN_DELIVERY = "in_delivery", _("In delivery")
        ACTIVE = "active", _("Active")
        ENDING = "ending", _("Ending")
        ENDED = "ended", _("Ended")
        CANCELLED = "cancelled", _("Cancelled")

    STATUS_COLOURS = {
        "ordered": "blue", "in_delivery": "purple", "active": "green", "ending": "orange", "cancelled": "red",
    }  # fmt: skip

    class Renewal(models.TextChoices):
        """The renewal at the end of the term."""

        NONE = "none", _("None")
        ASK = "ask", _("Ask")
        AUTOMATIC = "automatic", _("Automatic")

    class Billing(models.TextChoices):
        """The time of billing."""

        ONCE = "once", _("Once")
        MONTHLY = "monthly", _("Monthly")
        QUARTERLY = "quarterly", _("Quarterly")
        YEARLY = "yearly", _("Yearly")

    name = models.CharField(_("Name"), max_length=260, editable=False)
    number = models.CharField(_("Number"), max_length=40, unique=True, editable=False)
    type = models.ForeignKey(
        "pricebooks.ProductCategory", on_delete=models.PROTECT, related_name="contracts", editable=False,
        verbose_name=_("Type"),
    )  # fmt: skip
    status = models.CharField(
        _("Status"), max_length=12, choices=Status.choices, default=Status.ORDERED, editable=False
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="contracts", editable=False,
        verbose_name=_("Account"),
    )  # fmt: skip
    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=models.PROTECT, related_name="contracts", editable=False,
        verbose_name=_("Opportunity"),
    )  # fmt: skip
    quote = models.ForeignKey(
        "quotes.Quote", on_delete=models.PROTECT, null=True, related_name="contracts", editable=False,
        verbose_name=_("Quote"),
    )  # fmt: skip
    item = models.ForeignKey(
        "quotes.QuoteItem", on_delete=models.PROTECT, null=True, related_name="contracts", editable=False,
        verbose_name=_("Item"),
    )  # fmt: skip
    product = models.ForeignKey(
        "pricebooks.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="contracts",
        editable=False, verbose_name=_("Product"),
    )  # fmt: skip
    price_book = models.ForeignKey(
        "pricebooks.PriceBook", on_delete=models.PROTECT, null=True, blank=True, related_name="contracts",
        editable=False, verbose_name=_("Price book"),
    )  # fmt: skip
    brand = models.ForeignKey(
        "pricebooks.Brand", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Brand"),
    )  # fmt: skip
    product_version = models.ForeignKey(
        "pricebooks.ProductVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        editable=False, verbose_name=_("Product version"),
    )  # fmt: skip
    amount = models.DecimalField(_("Amount"), max_digits=18, decimal_places=4, default=1, editable=False)
    unit = models.ForeignKey(
        "pricebooks.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Unit"),
    )  # fmt: skip
    price = MoneyColumn(_("Price"), currency="currency", default=0, editable=False)
    value = money(
        _("Value"), CurrencyColumn(_("Currency"), default=currencies.main, editable=False),
        main_digits=20, default=0, editable=False,
    )  # fmt: skip
    recurrence = models.CharField(
        _("Recurrence"), max_length=10, choices=Recurrence.choices, default=Recurrence.ONE_OFF, editable=False
    )
    start = models.DateField(_("Start"), null=True, blank=True, editable=False)
    end = models.DateField(_("End"), null=True, blank=True, editable=False)
    term_months = models.PositiveSmallIntegerField(_("Term in months"), null=True, blank=True, editable=False)
    notice_period_months = models.PositiveSmallIntegerField(
        _("Notice period in months"), null=True, blank=True, editable=False
    )
    renewal = models.CharField(
        _("Renewal"), max_length=10, choices=Renewal.choices, default=Renewal.NONE, editable=False
    )
    billing_schedule = models.CharField(
        _("Billing schedule"), max_length=10, choices=Billing.choices, default=Billing.ONCE, editable=False
    )
    delivered_on = models.DateField(_("Delivered on"), null=True, blank=True, editable=False)
    cancelled_on = models.DateField(_("Cancelled on"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("Reason of the cancellation"), max_length=500, blank=True, editable=False)
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="contracts", editable=False,
        verbose_name=_("Project"),
    )  # fmt: skip
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="contracts",
        verbose_name=_("Responsible"),
    )  # fmt: skip
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="contracts", editable=False,
        verbose_name=_("Partner"),
    )  # fmt: skip
    sold_on = models.DateField(_("Sold on"), default=today, editable=False)
    amendment = models.PositiveIntegerField(_("Amendment"), default=0, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Contract")
        verbose_name_plural = _("Contracts")
        constraints = [
            models.UniqueConstraint(
                fields=["item", "product"], nulls_distinct=False, condition=Q(item__isnull=False),
                name="one_contract_of_an_item_and_product",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gte=F("start")),
                name="a_contract_ends_after_it_starts",
                violation_error_message=_("The contract can't end before it starts."),
            ),
        ]  # fmt: skip
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(Fold("name"), "id", name="contract_name"),
            models.Index(F("updated_at").desc(), F("id").desc(), name="contract_updated", include=["owner_ids"]),
            models.Index(F("type"), F("updated_at").desc(), F("id").desc(), name="contract_of_type"),
            models.Index(fields=["account", "status"], name="contract_of_account"),
            models.Index(fields=["project", "status"], name="contract_in_project"),
            models.Index(fields=["end", "id"], name="contract_by_end"),
            GinIndex(OpClass(Fold("name"), "gin_trgm_ops"), name="contract_name_parts"),
            GinIndex(OpClass(Fold("number"), "gin_trgm_ops"), name="contract_number_parts"),
        ]

    @property
    def has_begun(self) -> bool:
        """Return whether delivery has begun, after which it can only be cancelled (SOLD-2)."""
        return self.status != self.Status.ORDERED or self.delivered_on is not None


class ContractVersion(models.Model):
    """The terms of a contract from a date on. A future version is pending until then."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField(null=True)
    terms = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True, default="")
    is_applied = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["contract", "number"], name="one_version_of_a_number")]
        indexes = [
            models.Index(fields=["valid_from"], condition=Q(is_applied=False), name="contract_version_waiting")
        ]  # fmt: skip
