"""The actions, tabs and blocks of price books, products and bundles, for their declarations."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kanal.core.action import Action, Button, Dialog
from kanal.core.entity import Tab
from kanal.entities.pricebooks import actions


def named_copy(record: Any) -> dict[str, Any]:
    """Return the initial values of the copy form."""
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
    Action("new-product", _("New product"), button=Button("package", place="add", begins="products")),
    Action(
        "new-bundle", _("New bundle"), button=Button("packages", place="add", begins="bundles", begins_as="price_book")
    ),
    Action(
        "import-items",
        _("Import items"),
        permission="edit",
        api=False,
        button=Button("upload", page="book-import-items"),
    ),
)
PRODUCT_TABS = (Tab("prices", _("Prices"), list=("prices", "product:is({id})"), new=("prices",)),)
PRODUCT_ACTIONS = (
    Action(
        "copy", _("Copy"), actions.copy_product, permission="add",
        dialog=Dialog(("name", "code"), initial=named_copy),
        button=Button("copy", done=_("The product was copied.")),
    ),
    Action(
        "add-price-books", _("Add price books"), permission="edit", api=False,
        button=Button("book-2", place="add", page="product-add-books"),
    ),
    Action("prices", _("Edit prices"), permission="edit", api=False, button=Button("coin", page="product-prices")),
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
    Action("prices", _("Edit prices"), permission="edit", api=False, button=Button("coin", page="bundle-prices")),
    Action(
        "copy", _("Copy and create new"), actions.copy_bundle, permission="add",
        dialog=Dialog(("name", "code"), initial=named_copy),
        button=Button("copy", done=_("The bundle was copied.")),
    ),
    Action(
        "move", _("Move bundle"), actions.move_bundle, permission="edit",
        dialog=Dialog(pick="price-books", pick_as="price_book"),
        button=Button("folder-symlink", done=_("The bundle was moved.")),
    ),
)  # fmt: skip
