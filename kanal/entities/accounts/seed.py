"""Initial data: account types, industries, kinds of relation (INIT-2)."""

from kanal.core.installation import labels, seed_choices
from kanal.core.models import Category
from kanal.entities.accounts.models import AccountType

TYPES: list[dict] = [
    {"key": "organization", "is_default": True, "has_organization": True, "has_personal_name": False,
     "name": labels("Organization", "Organisasjon", "Organisation", "Organizace", "Organización", "Organisation")},
    {"key": "personal", "has_organization": False, "has_personal_name": True,
     "name": labels("Personal", "Person", "Person", "Osoba", "Persona", "Personne")},
    {"key": "account", "has_organization": True, "has_personal_name": False,
     "name": labels("Account", "Konto", "Konto", "Účet", "Cuenta", "Compte")},
]  # fmt: skip
INDUSTRIES: list[dict] = [
    {"key": "manufacturing", "name": labels("Manufacturing", "Industri", "Fertigung", "Výroba", "Industria",
                                           "Industrie")},
    {"key": "construction", "name": labels("Construction", "Bygg og anlegg", "Bau", "Stavebnictví", "Construcción",
                                          "Construction")},
    {"key": "retail", "name": labels("Retail", "Varehandel", "Handel", "Obchod", "Comercio", "Commerce")},
    {"key": "logistics", "name": labels("Logistics", "Logistikk", "Logistik", "Logistika", "Logística", "Logistique")},
    {"key": "energy", "name": labels("Energy", "Energi", "Energie", "Energetika", "Energía", "Énergie")},
    {"key": "finance", "name": labels("Finance", "Finans", "Finanzen", "Finance", "Finanzas", "Finance")},
    {"key": "health", "name": labels("Health care", "Helse", "Gesundheit", "Zdravotnictví", "Sanidad", "Santé")},
    {"key": "public", "name": labels("Public sector", "Offentlig sektor", "Öffentlicher Sektor", "Veřejná správa",
                                    "Sector público", "Secteur public")},
    {"key": "education", "name": labels("Education", "Utdanning", "Bildung", "Vzdělávání", "Educación",
                                       "Enseignement")},
    {"key": "it", "name": labels("Information technology", "Informasjonsteknologi", "Informationstechnik",
                                "Informační technologie", "Tecnologías de la información", "Informatique")},
    {"key": "services", "name": labels("Services", "Tjenester", "Dienstleistungen", "Služby", "Servicios", "Services")},
    {"key": "other", "name": labels("Other", "Annet", "Sonstiges", "Jiné", "Otro", "Autre")},
]  # fmt: skip
RELATIONS: list[dict] = [
    {"key": "supplier", "name": labels("Supplier", "Leverandør", "Lieferant", "Dodavatel", "Proveedor",
                                      "Fournisseur")},
    {"key": "customer", "name": labels("Customer", "Kunde", "Kunde", "Zákazník", "Cliente", "Client")},
    {"key": "competitor", "name": labels("Competitor", "Konkurrent", "Wettbewerber", "Konkurent", "Competidor",
                                        "Concurrent")},
    {"key": "same_group", "name": labels("Same group", "Samme konsern", "Gleicher Konzern", "Stejná skupina",
                                        "Mismo grupo", "Même groupe")},
]  # fmt: skip


def seed() -> None:
    """Create missing records."""
    seed_choices(AccountType, TYPES)
    seed_choices(Category, INDUSTRIES, group="industry")
    seed_choices(Category, RELATIONS, group="relation_kind")
