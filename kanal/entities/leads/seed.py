"""What a new installation has: lead statuses and sources (INIT-2)."""

from kanal.core.installation import seed_choices
from kanal.core.models import Category
from kanal.entities.leads.models import LeadStatus


def names(en: str, nb: str, de: str, cs: str, es: str, fr: str) -> dict[str, str]:
    """Name an option in every language of Kanal."""
    return {"en": en, "nb": nb, "de": de, "cs": cs, "es": es, "fr": fr}


STATUSES: list[dict] = [
    {"key": "new", "kind": "new", "colour": "#2f6fed", "is_default": True,
     "name": names("New", "Ny", "Neu", "Nový", "Nuevo", "Nouveau")},
    {"key": "touched", "kind": "touched", "colour": "#f59f00",
     "name": names("Touched", "Kontaktet", "Kontaktiert", "Kontaktovaný", "Contactado", "Contacté")},
    {"key": "qualified", "kind": "qualified", "colour": "#2fb344",
     "name": names("Qualified", "Kvalifisert", "Qualifiziert", "Kvalifikovaný", "Calificado", "Qualifié")},
    {"key": "disqualified", "kind": "disqualified", "colour": "#667085",
     "name": names("Disqualified", "Diskvalifisert", "Disqualifiziert", "Diskvalifikovaný", "Descartado", "Écarté")},
    {"key": "no_interest", "kind": "disqualified", "colour": "#98a2b3",
     "name": names("No interest", "Ingen interesse", "Kein Interesse", "Bez zájmu", "Sin interés", "Sans intérêt")},
    {"key": "duplicate", "kind": "disqualified", "colour": "#98a2b3",
     "name": names("Duplicate", "Duplikat", "Dublette", "Duplicita", "Duplicado", "Doublon")},
]  # fmt: skip
SOURCES: list[dict] = [
    {"key": "website", "name": names("Web site", "Nettsted", "Website", "Web", "Sitio web", "Site web")},
    {"key": "advertisement", "name": names("Advertisement", "Annonse", "Werbung", "Reklama", "Publicidad",
                                           "Publicité")},
    {"key": "referral", "name": names("Referral", "Anbefaling", "Empfehlung", "Doporučení", "Recomendación",
                                      "Recommandation")},
    {"key": "event", "name": names("Event", "Arrangement", "Veranstaltung", "Událost", "Evento", "Événement")},
    {"key": "partner", "name": names("Partner", "Partner", "Partner", "Partner", "Socio", "Partenaire")},
    {"key": "cold_call", "name": names("Cold call", "Kaldringing", "Kaltakquise", "Studený hovor", "Llamada en frío",
                                       "Appel à froid")},
    {"key": "other", "name": names("Other", "Annet", "Sonstiges", "Jiné", "Otro", "Autre")},
]  # fmt: skip


def seed() -> None:
    """Add what is missing."""
    seed_choices(LeadStatus, STATUSES)
    seed_choices(Category, SOURCES, group="lead_source")
