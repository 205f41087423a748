"""What a new installation has: campaign statuses and kinds (CAMP-1, INIT-2)."""

from kanal.core.installation import named, seed_choices
from kanal.core.models import Category

STATUSES: list[dict] = [
    {"key": "active", "colour": "#2fb344", "is_default": True,
     "name": named("Active", "Aktiv", "Aktiv", "Aktivní", "Activa", "Active")},
    {"key": "archived", "colour": "#667085",
     "name": named("Archived", "Arkivert", "Archiviert", "Archivovaná", "Archivada", "Archivée")},
]  # fmt: skip
KINDS: list[dict] = [
    {"key": "email", "name": named("E-mail", "E-post", "E-Mail", "E-mail", "Correo electrónico", "E-mail")},
    {"key": "event", "name": named("Event", "Arrangement", "Veranstaltung", "Událost", "Evento", "Événement")},
    {"key": "fair", "name": named("Trade fair", "Messe", "Messe", "Veletrh", "Feria", "Salon")},
    {"key": "webinar", "name": named("Webinar", "Webinar", "Webinar", "Webinář", "Seminario web", "Webinaire")},
    {"key": "advertising", "name": named("Advertising", "Annonsering", "Werbung", "Reklama", "Publicidad",
                                         "Publicité")},
    {"key": "calls", "name": named("Calls", "Oppringning", "Telefonaktion", "Telefonáty", "Llamadas", "Appels")},
    {"key": "partner", "name": named("With a partner", "Med partner", "Mit Partner", "S partnerem", "Con un socio",
                                     "Avec un partenaire")},
]  # fmt: skip


def seed() -> None:
    """Add what is missing; an installation keeps its own statuses as long as one of them is active."""
    if not Category.objects.filter(group="campaign_status", is_active=True).exists():
        seed_choices(Category, STATUSES, group="campaign_status")
    seed_choices(Category, KINDS, group="campaign_kind")
