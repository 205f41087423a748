"""Lists of records: page, dialogs, export. Their queries are in core.listing."""

from kanal.web.lists.page import list_page
from kanal.web.lists.routes import routes

__all__ = ["list_page", "routes"]
