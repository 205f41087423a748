"""Lists of records: their page, its dialogs, export; what they read stands in core.listing."""

from kanal.web.lists.page import list_page
from kanal.web.lists.routes import routes

__all__ = ["list_page", "routes"]
