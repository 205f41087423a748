"""Menu entries of price books, products, bundles, and the overviews of all prices."""

from django.utils.translation import gettext_lazy as _

from kanal.web.navigation import CRM, MenuItem, register_item, register_type

register_type("price-books", order=100)
register_type("products", order=110)
register_type("bundles", order=120)
register_item(MenuItem(CRM, _("Global price overview"), "price-overview", "table", "prices"))
register_item(MenuItem(CRM, _("Missing prices"), "prices-missing", "table-off", "prices", "add"))
