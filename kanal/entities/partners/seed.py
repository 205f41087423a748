"""What a new installation has: partner tiers (INIT-2)."""

from kanal.core.installation import named, seed_choices
from kanal.core.models import Category

TIERS: list[dict] = [
    {"key": "gold", "colour": "#b7791f", "name": named("Gold", "Gull", "Gold", "Zlatý", "Oro", "Or")},
    {"key": "silver", "colour": "#64748b", "name": named("Silver", "Sølv", "Silber", "Stříbrný", "Plata", "Argent")},
    {"key": "bronze", "colour": "#9a5b2c", "name": named("Bronze", "Bronse", "Bronze", "Bronzový", "Bronce",
                                                         "Bronze")},
    {"key": "registered", "colour": "#475569",
     "name": named("Registered", "Registrert", "Registriert", "Registrovaný", "Registrado", "Inscrit")},
]  # fmt: skip


def seed() -> None:
    """Add what is missing."""
    seed_choices(Category, TIERS, group="partner_tier")
