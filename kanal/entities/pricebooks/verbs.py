"""The verbs, tabs and blocks of price books, products and bundles, as their declarations take them."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kanal.core.entity import Action, Tab
from kanal.core.fields.from_model import field_from
from kanal.entities.pricebooks import actions
from kanal.entities.pricebooks.models import Bundle, Product


def named_copy(record: Any) -> dict[str, Any]:
    """Return what the form of a copy begins with."""
    return {"name": _now("%(name)s (copy)") % {"name": record.name}}


BOOK_TABS = (
    Tab("prices", _("Prices"), list=("prices", "price_book:is({id})"), new=("prices",)),
    Tab("bundles", _("Bundles"), list=("bundles", "price_book:is({id})"), new=("bundles",)),
    Tab(
        "quotes",
        _("Quotes"),
        list=("quotes", "price_book:is({id})"),
        about=_("Quotes that use the prices of this book."),
    ),
)
BOOK_ACTIONS = (
    Action("new-product", _("New product"), begins="products", icon="package"),
    Action("new-bundle", _("New bundle"), begins="bundles", begins_as="price_book", icon="packages"),
    Action("import-items", _("Import items"), icon="upload", page="book-import-items", permission="edit", api=False),
)
PRODUCT_TABS = (Tab("prices", _("Prices"), list=("prices", "product:is({id})"), new=("prices",)),)
PRODUCT_ACTIONS = (
    Action(
        "copy", _("Copy"), actions.copy_product, icon="copy", permission="add", initial=named_copy,
        inputs=tuple(field_from(Product._meta.get_field(name)) for name in ("name", "code")),
        done=_("The product was copied."),
    ),
    Action("add-price-books", _("Add price books"), icon="book-2", page="product-add-books", permission="edit",
           api=False),
    Action("prices", _("Edit prices"), icon="coin", page="product-prices", permission="edit", api=False),
)  # fmt: skip
BUNDLE_TABS = (
    Tab(
        "items",
        _("Products"),
        list=("bundle-items", "bundle:is({id})"),
        new=("bundle-items",),
        none=_("No products yet"),
    ),
    Tab("prices", _("Prices"), list=("prices", "bundle:is({id})"), new=("prices",)),
)
BUNDLE_ACTIONS = (
    Action("prices", _("Edit prices"), icon="coin", page="bundle-prices", permission="edit", api=False),
    Action(
        "copy", _("Copy and create new"), actions.copy_bundle, icon="copy", permission="add", initial=named_copy,
        inputs=tuple(field_from(Bundle._meta.get_field(name)) for name in ("name", "code")),
        done=_("The bundle was copied."),
    ),
    Action(
        "move", _("Move bundle"), actions.move_bundle, icon="folder-symlink", permission="edit", pick="price-books",
        pick_as="price_book", done=_("The bundle was moved."),
    ),
)  # fmt: skip
