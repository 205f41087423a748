"""Phrases for brands and related record types."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

BRAND = Phrases(
    new=_("New brand"),
    edit=_("Edit brand"),
    delete=_("Delete brand"),
    none=_("No brands yet"),
    count=ngettext_lazy("%(count)s brand", "%(count)s brands", "n"),
)
PRODUCT_VERSION = Phrases(
    new=_("New product version"),
    edit=_("Edit product version"),
    delete=_("Delete product version"),
    none=_("No product versions yet"),
    count=ngettext_lazy("%(count)s product version", "%(count)s product versions", "n"),
)
PRODUCT_CATEGORY = Phrases(
    new=_("New product category"),
    edit=_("Edit product category"),
    delete=_("Delete product category"),
    none=_("No product categories yet"),
    count=ngettext_lazy("%(count)s product category", "%(count)s product categories", "n"),
)
UNIT = Phrases(
    new=_("New unit"),
    edit=_("Edit unit"),
    delete=_("Delete unit"),
    none=_("No units yet"),
    count=ngettext_lazy("%(count)s unit", "%(count)s units", "n"),
)
TAX_RATE = Phrases(
    new=_("New tax rate"),
    edit=_("Edit tax rate"),
    delete=_("Delete tax rate"),
    none=_("No tax rates yet"),
    count=ngettext_lazy("%(count)s tax rate", "%(count)s tax rates", "n"),
)
PRICE_BOOK = Phrases(
    new=_("New price book"),
    edit=_("Edit price book"),
    delete=_("Delete price book"),
    none=_("No price books yet"),
    count=ngettext_lazy("%(count)s price book", "%(count)s price books", "n"),
)
PRODUCT = Phrases(
    new=_("New product"),
    edit=_("Edit product"),
    delete=_("Delete product"),
    none=_("No products yet"),
    import_=_("Import products"),
    count=ngettext_lazy("%(count)s product", "%(count)s products", "n"),
)
BUNDLE = Phrases(
    new=_("New bundle"),
    edit=_("Edit bundle"),
    delete=_("Delete bundle"),
    none=_("No bundles yet"),
    count=ngettext_lazy("%(count)s bundle", "%(count)s bundles", "n"),
)
BUNDLE_ITEM = Phrases(
    new=_("New product of a bundle"),
    edit=_("Edit product of a bundle"),
    delete=_("Delete product of a bundle"),
    none=_("No products of bundles yet"),
    count=ngettext_lazy("%(count)s product of a bundle", "%(count)s products of bundles", "n"),
)
PRICE = Phrases(
    new=_("New price"),
    edit=_("Edit price"),
    delete=_("Delete price"),
    none=_("No prices yet"),
    import_=_("Import prices"),
    count=ngettext_lazy("%(count)s price", "%(count)s prices", "n"),
)
