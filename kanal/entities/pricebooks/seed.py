"""Initial data: product categories, units, tax rates (INIT-2)."""

from kanal.core.installation import labels, seed_choices
from kanal.entities.pricebooks.models import ProductCategory, TaxRate, Unit

CATEGORIES = [
    {
        "key": "implementation", "contract_type": "Implementation contracts", "delivery": "task",
        "name": labels("Implementation services", "Implementering", "Einführung", "Implementace", "Implantación",
                      "Mise en œuvre"),
    },
    {
        "key": "software", "contract_type": "Software contracts", "is_time_based": True, "default_length_months": 12,
        "name": labels("Software", "Programvare", "Software", "Software", "Software", "Logiciel"),
    },
    {
        "key": "support", "contract_type": "Support contracts", "is_time_based": True, "default_length_months": 12,
        "name": labels("Support services", "Brukerstøtte", "Support", "Podpora", "Soporte", "Assistance"),
    },
    {
        "key": "change", "contract_type": "Change contracts", "delivery": "task",
        "name": labels("Change", "Endring", "Änderung", "Změna", "Cambio", "Modification"),
    },
    {
        "key": "private-cloud", "contract_type": "Private cloud contracts", "is_time_based": True,
        "default_length_months": 12,
        "name": labels("Private cloud", "Privat sky", "Private Cloud", "Privátní cloud", "Nube privada", "Cloud privé"),
    },
]  # fmt: skip
UNITS = [
    {"key": "licence", "is_default": True,
     "name": labels("Licence", "Lisens", "Lizenz", "Licence", "Licencia", "Licence")},
    {"key": "user", "name": labels("User", "Bruker", "Nutzer", "Uživatel", "Usuario", "Utilisateur")},
    {"key": "hour", "name": labels("Hour", "Time", "Stunde", "Hodina", "Hora", "Heure")},
    {"key": "day", "name": labels("Day", "Dag", "Tag", "Den", "Día", "Jour")},
    {"key": "month", "name": labels("Month", "Måned", "Monat", "Měsíc", "Mes", "Mois")},
    {"key": "piece", "name": labels("Piece", "Stykk", "Stück", "Kus", "Unidad", "Pièce")},
]  # fmt: skip
TAX_RATES = [
    {"key": "standard", "percent": 25, "is_default": True,
     "name": labels("Standard 25 %", "Høy 25 %", "Standard 25 %", "Základní 25 %", "General 25 %", "Normal 25 %")},
    {"key": "reduced", "percent": 12,
     "name": labels("Reduced 12 %", "Redusert 12 %", "Ermäßigt 12 %", "Snížená 12 %", "Reducido 12 %", "Réduit 12 %")},
    {"key": "zero", "percent": 0,
     "name": labels("No tax", "Ingen mva.", "Ohne Steuer", "Bez daně", "Sin impuesto", "Sans taxe")},
]  # fmt: skip


def seed() -> None:
    """Create missing records."""
    seed_choices(ProductCategory, CATEGORIES)
    seed_choices(Unit, UNITS)
    seed_choices(TaxRate, TAX_RATES)
