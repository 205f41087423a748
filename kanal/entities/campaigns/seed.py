"""Initial data: campaign statuses and kinds (CAMP-1, INIT-2)."""

from kanal.core.installation import labels, seed_choices
from kanal.core.models import Category

STATUSES: list[dict] = [
    {"key": "active", "colour": "#2fb344", "is_default": True,
     "name": labels("Active", "Aktiv", "Aktiv", "Aktivní", "Activa", "Active")},
    {"key": "archived", "colour": "#667085",
     "name": labels("Archived", "Arkivert", "Archiviert", "Archivovaná", "Archivada", "Archivée")},
]  # fmt: skip
KINDS: list[dict] = [
    {"key": "email", "name": labels("E-mail", "E-post", "E-Mail", "E-mail", "Correo electrónico", "E-mail")},
    {"key": "event", "name": labels("Event", "Arrangement", "Veranstaltung", "Událost", "Evento", "Événement")},
    {"key": "fair", "name": labels("Trade fair", "Messe", "Messe", "Veletrh", "Feria", "Salon")},
    {"key": "webinar", "name": labels("Webinar", "Webinar", "Webinar", "Webinář", "Seminario web", "Webinaire")},
    {"key": "advertising", "name": labels("Advertising", "Annonsering", "Werbung", "Reklama", "Publicidad",
                                         "Publicité")},
    {"key": "calls", "name": labels("Calls", "Oppringning", "Telefonaktion", "Telefonáty", "Llamadas", "Appels")},
    {"key": "partner", "name": labels("With a partner", "Med partner", "Mit Partner", "S partnerem", "Con un socio",
                                     "Avec un partenaire")},
]  # fmt: skip


def seed() -> None:
    """Create missing records. An installation with at least one active status keeps its own."""
    if not Category.objects.filter(group="campaign_status", is_active=True).exists():
        seed_choices(Category, STATUSES, group="campaign_status")
    seed_choices(Category, KINDS, group="campaign_kind")
