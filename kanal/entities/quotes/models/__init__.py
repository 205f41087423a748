"""Models: quotes, their items, document templates with versions."""

from kanal.entities.quotes.models.documents import DocumentTemplate, TemplateReport
from kanal.entities.quotes.models.items import QuoteItem
from kanal.entities.quotes.models.quotes import Quote

__all__ = ["DocumentTemplate", "Quote", "QuoteItem", "TemplateReport"]
