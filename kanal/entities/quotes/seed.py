"""Initial data of quotes: one template for every quote (INIT-2)."""

from django.utils.translation import override

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.entities.quotes.models import DocumentTemplate
from kanal.features.files.actions import attach
from kanal.kit.documents import default_template


def seed() -> None:
    """Create the template if there is none."""
    if DocumentTemplate.objects.exists():
        return
    entity = registry.get("templates")
    with override("en"):
        template = writes.create(entity, {"name": "Standard quote"}, by=SYSTEM)
        attach(entity, template.pk, "Standard quote.docx", default_template(), by=SYSTEM)
