"""Initial data: personal contact types and kinds of channel (INIT-2)."""

from kanal.core.installation import labels, seed_choices
from kanal.core.models import Category
from kanal.entities.contacts.models import ContactType

TYPES: list[dict] = [
    {"key": "employee", "is_default": True,
     "name": labels("Employee", "Ansatt", "Mitarbeiter", "Zaměstnanec", "Empleado", "Employé")},
    {"key": "consultant",
     "name": labels("Consultant", "Konsulent", "Berater", "Konzultant", "Consultor", "Consultant")},
]  # fmt: skip
CHANNELS: list[dict] = [
    {"key": "email", "name": labels("E-mail", "E-post", "E-Mail", "E-mail", "Correo electrónico", "E-mail")},
    {"key": "phone", "name": labels("Phone", "Telefon", "Telefon", "Telefon", "Teléfono", "Téléphone")},
    {"key": "mobile", "name": labels("Mobile", "Mobil", "Mobiltelefon", "Mobil", "Móvil", "Mobile")},
    {"key": "skype", "name": "Skype"},
    {"key": "linkedin", "name": "LinkedIn"},
    {"key": "other", "name": labels("Other", "Annet", "Sonstiges", "Jiné", "Otro", "Autre")},
]


def seed() -> None:
    """Create missing records."""
    seed_choices(ContactType, TYPES)
    seed_choices(Category, CHANNELS, group="channel_kind")
