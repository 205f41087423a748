"""The record types of price books."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.core import audit
from kanal.core.access import UserPermissions
from kanal.core.entity import Entity, Listing, Rules, Scope, Section
from kanal.core.registry import register
from kanal.entities.pricebooks import phrases, rules, verbs
from kanal.entities.pricebooks.models import (
    Brand,
    Bundle,
    BundleItem,
    Price,
    PriceBook,
    Product,
    ProductCategory,
    ProductVersion,
    TaxRate,
    Unit,
)

HIDDEN = ("key", "colour", "translations")


def open_books(grants: UserPermissions) -> Q:
    """Return the books that are open to partners for partner users (PB-2b)."""
    return Q(open_to_partners=True, is_active=True) if grants.is_external else Q(pk__in=[])


def quotable_products(grants: UserPermissions) -> Q:
    """Return the products of books open to partners for partner users."""
    if not grants.is_external:
        return Q(pk__in=[])
    return Q(
        pk__in=Price.objects.filter(price_book__open_to_partners=True, price_book__is_active=True).values("product_id")
    )


def everyone(grants: UserPermissions) -> Q:
    """Return all records to any signed-in user, for attributes of products."""
    return Q() if grants.user_id else Q(pk__in=[])


BRANDS = register(
    Entity(
        model=Brand, key="brands", path="settings/brands", title="name", phrases=phrases.BRAND, icon="tag",
        settings_group="products",
        sections=(Section(_("Brand"), ("name", "is_active"), "brand"),),
        listing=Listing(("name", "is_active"), "name", ("name",)),
        scope=Scope(owners=(), also=(everyone,)),
        update_label=_("Save"),
    )
)  # fmt: skip
VERSIONS = register(
    Entity(
        model=ProductVersion, key="product-versions", path="settings/product-versions", title="name", icon="versions",
        phrases=phrases.PRODUCT_VERSION,
        settings_group="products",
        sections=(Section(_("Product version"), ("name", "position", "is_active"), "version"),),
        listing=Listing(("name", "position", "is_active"), "name", ("name",)),
        scope=Scope(owners=(), also=(everyone,)),
        update_label=_("Save"),
    )
)  # fmt: skip
CATEGORIES = register(
    Entity(
        model=ProductCategory, key="product-categories", path="settings/product-categories", title="name",
        phrases=phrases.PRODUCT_CATEGORY,
        icon="category",
        settings_group="products",
        sections=(
            Section(
                _("Product category"),
                ("name", "contract_type", "is_time_based", "default_length_months", "delivery", "position",
                 "is_default",
                 "is_active"),
                "category",
            ),
        ),
        listing=Listing(("name", "contract_type", "is_time_based", "default_length_months", "delivery"), "name",
                        ("name",)),
        scope=Scope(owners=(), also=(everyone,)),
        rules=Rules(derive=rules.key_from_name),
        internal=HIDDEN, is_lookup=True, update_label=_("Save"),
    )
)  # fmt: skip
UNITS = register(
    Entity(
        model=Unit, key="units", path="settings/units", title="name", phrases=phrases.UNIT, icon="ruler",
        settings_group="products",
        sections=(Section(_("Unit"), ("name", "position", "is_default", "is_active"), "unit"),),
        listing=Listing(("name", "position", "is_active"), "name", ("name",)),
        scope=Scope(owners=(), also=(everyone,)),
        rules=Rules(derive=rules.key_from_name),
        internal=HIDDEN, is_lookup=True, update_label=_("Save"),
    )
)  # fmt: skip
TAX_RATES = register(
    Entity(
        model=TaxRate, key="tax-rates", path="settings/tax-rates", title="name", icon="receipt-tax",
        phrases=phrases.TAX_RATE,
        settings_group="products",
        sections=(Section(_("Tax rate"), ("name", "percent", "position", "is_default", "is_active"), "rate"),),
        listing=Listing(("name", "percent", "is_active"), "name", ("name",)),
        scope=Scope(owners=(), also=(everyone,)),
        rules=Rules(derive=rules.key_from_name),
        internal=HIDDEN, is_lookup=True, update_label=_("Save"),
    )
)  # fmt: skip
BOOKS = register(
    Entity(
        model=PriceBook, key="price-books", path="pricing/books", title="name", icon="book-2",
        phrases=phrases.PRICE_BOOK,
        sections=(
            Section(
                _("Price book"),
                ("name", "description", "brands", "product_versions", "projects", "is_active", "open_to_partners"),
                "book",
            ),
            Section(_("Renewal and rules"), ("is_update", "update_of", "required_quote_fields"), "rules"),
        ),
        listing=Listing(("name", "is_active", "open_to_partners", "update_of", "updated_at"), "name", ("name",)),
        scope=Scope(projects="projects", owners=(), also=(open_books,)),
        rules=Rules(check=rules.check_book),
        actions=verbs.BOOK_ACTIONS, tabs=verbs.BOOK_TABS,
        has_overview=True, has_comments=True, has_files=True,
    )
)  # fmt: skip
PRODUCTS = register(
    Entity(
        model=Product, key="products", path="pricing/products", title="name", phrases=phrases.PRODUCT, icon="package",
        sections=(
            Section(_("Product"), ("name", "code", "category", "description", "is_active"), "product"),
            Section(_("Sale"), ("default_unit", "tax_rate", "cost", "minimum_margin", "successor"), "sale"),
        ),
        listing=Listing(("name", "code", "category", "default_unit", "is_active"), "name", ("name", "code")),
        scope=Scope(owners=(), also=(quotable_products,)),
        rules=Rules(check=rules.check_product),
        actions=verbs.PRODUCT_ACTIONS, tabs=verbs.PRODUCT_TABS,
        has_comments=True, has_files=True, is_importable=True,
    )
)  # fmt: skip
BUNDLES = register(
    Entity(
        model=Bundle, key="bundles", path="pricing/bundles", title="name", phrases=phrases.BUNDLE, icon="packages",
        sections=(
            Section(
                _("Bundle"),
                ("name", "code", "price_book", "description", "is_active", "own_price", "default_unit", "tax_rate"),
                "bundle",
            ),
        ),
        listing=Listing(("name", "code", "price_book", "own_price", "is_active"), "name", ("name", "code")),
        scope=Scope(parent="price_book", owners=()),
        actions=verbs.BUNDLE_ACTIONS, tabs=verbs.BUNDLE_TABS,
        has_comments=True, has_files=True,
    )
)  # fmt: skip
BUNDLE_ITEMS = register(
    Entity(
        model=BundleItem, key="bundle-items", path="pricing/bundle-items", title="label", icon="package",
        phrases=phrases.BUNDLE_ITEM,
        sections=(Section(_("Product"), ("bundle", "product", "amount", "weight", "position"), "item"),),
        listing=Listing(("product", "amount", "weight", "bundle"), "position"),
        scope=Scope(parent="bundle", owners=()),
        rules=Rules(derive=rules.name_bundle_item, check=rules.check_bundle_item),
        internal=("label",), update_label=_("Save"),
    )
)  # fmt: skip
PRICES = register(
    Entity(
        model=Price, key="prices", path="pricing/prices", title="label", phrases=phrases.PRICE, icon="coin",
        sections=(
            Section(
                _("Price"),
                ("price_book", "product", "bundle", "amount", "unit", "price", "recurrence", "brand", "product_version",
                 "valid_from", "valid_to"),
                "price",
            ),
        ),
        listing=Listing(
            ("product", "bundle", "price_book", "amount", "unit", "price", "recurrence", "brand", "product_version",
             "valid_from",
             "valid_to"),
            "-updated_at",
        ),
        scope=Scope(parent="price_book", owners=()),
        rules=Rules(derive=rules.name_price, check=rules.check_price),
        internal=("label",), is_importable=True, update_label=_("Save"),
    )
)  # fmt: skip

audit.watch(Brand, audit.Kind.SETTINGS, "name")
audit.watch(ProductVersion, audit.Kind.SETTINGS, "name")
audit.watch(ProductCategory, audit.Kind.SETTINGS, "name")
audit.watch(Unit, audit.Kind.SETTINGS, "name")
audit.watch(TaxRate, audit.Kind.SETTINGS, "name")
