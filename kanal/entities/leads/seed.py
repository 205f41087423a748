"""What a new installation has: lead statuses and sources (INIT-2)."""

from kanal.core.installation import named, seed_choices
from kanal.core.models import Category
from kanal.entities.leads.models import LeadStatus

STATUSES: list[dict] = [
    {"key": "new", "kind": "new", "colour": "#2f6fed", "is_default": True,
     "name": named("New", "Ny", "Neu", "Nový", "Nuevo", "Nouveau")},
    {"key": "touched", "kind": "touched", "colour": "#f59f00",
     "name": named("Touched", "Kontaktet", "Kontaktiert", "Kontaktovaný", "Contactado", "Contacté")},
    {"key": "qualified", "kind": "qualified", "colour": "#2fb344",
     "name": named("Qualified", "Kvalifisert", "Qualifiziert", "Kvalifikovaný", "Calificado", "Qualifié")},
    {"key": "disqualified", "kind": "disqualified", "colour": "#667085",
     "name": named("Disqualified", "Diskvalifisert", "Disqualifiziert", "Diskvalifikovaný", "Descartado", "Écarté")},
    {"key": "no_interest", "kind": "disqualified", "colour": "#98a2b3",
     "name": named("No interest", "Ingen interesse", "Kein Interesse", "Bez zájmu", "Sin interés", "Sans intérêt")},
    {"key": "duplicate", "kind": "disqualified", "colour": "#98a2b3",
     "name": named("Duplicate", "Duplikat", "Dublette", "Duplicita", "Duplicado", "Doublon")},
]  # fmt: skip
SOURCES: list[dict] = [
    {"key": "website", "name": named("Web site", "Nettsted", "Website", "Web", "Sitio web", "Site web")},
    {"key": "advertisement", "name": named("Advertisement", "Annonse", "Werbung", "Reklama", "Publicidad",
                                           "Publicité")},
    {"key": "referral", "name": named("Referral", "Anbefaling", "Empfehlung", "Doporučení", "Recomendación",
                                      "Recommandation")},
    {"key": "event", "name": named("Event", "Arrangement", "Veranstaltung", "Událost", "Evento", "Événement")},
    {"key": "partner", "name": named("Partner", "Partner", "Partner", "Partner", "Socio", "Partenaire")},
    {"key": "cold_call", "name": named("Cold call", "Kaldringing", "Kaltakquise", "Studený hovor", "Llamada en frío",
                                       "Appel à froid")},
    {"key": "other", "name": named("Other", "Annet", "Sonstiges", "Jiné", "Otro", "Autre")},
]  # fmt: skip


def seed() -> None:
    """Add what is missing."""
    seed_choices(LeadStatus, STATUSES)
    seed_choices(Category, SOURCES, group="lead_source")
