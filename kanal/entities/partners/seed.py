"""Initial data: partner tiers (INIT-2)."""

from kanal.core.installation import labels, seed_choices
from kanal.core.models import Category

TIERS: list[dict] = [
    {"key": "gold", "colour": "#b7791f", "name": labels("Gold", "Gull", "Gold", "Zlatý", "Oro", "Or")},
    {"key": "silver", "colour": "#64748b", "name": labels("Silver", "Sølv", "Silber", "Stříbrný", "Plata", "Argent")},
    {"key": "bronze", "colour": "#9a5b2c", "name": labels("Bronze", "Bronse", "Bronze", "Bronzový", "Bronce",
                                                         "Bronze")},
    {"key": "registered", "colour": "#475569",
     "name": labels("Registered", "Registrert", "Registriert", "Registrovaný", "Registrado", "Inscrit")},
]  # fmt: skip


def seed() -> None:
    """Create missing records."""
    seed_choices(Category, TIERS, group="partner_tier")
