"""Initial data: lead statuses and sources (INIT-2)."""

from kanal.core.installation import labels, seed_choices
from kanal.core.models import Category
from kanal.entities.leads.models import LeadStatus

STATUSES: list[dict] = [
    {"key": "new", "kind": "new", "colour": "#2f6fed", "is_default": True,
     "name": labels("New", "Ny", "Neu", "Nový", "Nuevo", "Nouveau")},
    {"key": "touched", "kind": "touched", "colour": "#f59f00",
     "name": labels("Touched", "Kontaktet", "Kontaktiert", "Kontaktovaný", "Contactado", "Contacté")},
    {"key": "qualified", "kind": "qualified", "colour": "#2fb344",
     "name": labels("Qualified", "Kvalifisert", "Qualifiziert", "Kvalifikovaný", "Calificado", "Qualifié")},
    {"key": "disqualified", "kind": "disqualified", "colour": "#667085",
     "name": labels("Disqualified", "Diskvalifisert", "Disqualifiziert", "Diskvalifikovaný", "Descartado", "Écarté")},
    {"key": "no_interest", "kind": "disqualified", "colour": "#98a2b3",
     "name": labels("No interest", "Ingen interesse", "Kein Interesse", "Bez zájmu", "Sin interés", "Sans intérêt")},
    {"key": "duplicate", "kind": "disqualified", "colour": "#98a2b3",
     "name": labels("Duplicate", "Duplikat", "Dublette", "Duplicita", "Duplicado", "Doublon")},
]  # fmt: skip
SOURCES: list[dict] = [
    {"key": "website", "name": labels("Web site", "Nettsted", "Website", "Web", "Sitio web", "Site web")},
    {"key": "advertisement", "name": labels("Advertisement", "Annonse", "Werbung", "Reklama", "Publicidad",
                                           "Publicité")},
    {"key": "referral", "name": labels("Referral", "Anbefaling", "Empfehlung", "Doporučení", "Recomendación",
                                      "Recommandation")},
    {"key": "event", "name": labels("Event", "Arrangement", "Veranstaltung", "Událost", "Evento", "Événement")},
    {"key": "partner", "name": labels("Partner", "Partner", "Partner", "Partner", "Socio", "Partenaire")},
    {"key": "cold_call", "name": labels("Cold call", "Kaldringing", "Kaltakquise", "Studený hovor", "Llamada en frío",
                                       "Appel à froid")},
    {"key": "other", "name": labels("Other", "Annet", "Sonstiges", "Jiné", "Otro", "Autre")},
]  # fmt: skip


def seed() -> None:
    """Create missing records."""
    seed_choices(LeadStatus, STATUSES)
    seed_choices(Category, SOURCES, group="lead_source")
