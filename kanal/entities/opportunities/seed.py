"""Initial data of sales (INIT-2): a pipeline with statuses, loss reasons, business roles."""

from kanal.core.installation import labels, seed_choices
from kanal.core.models import Category
from kanal.entities.opportunities.models import OpportunityStatus, Pipeline

STATUSES = [
    {"key": "new", "probability": 10, "colour": "#64748b", "is_default": True, "stale_days": 14,
     "name": labels("New", "Ny", "Neu", "Nová", "Nueva", "Nouvelle")},
    {"key": "in-progress", "probability": 25, "colour": "#2563eb", "stale_days": 21,
     "name": labels("In progress", "Under arbeid", "In Arbeit", "Rozpracovaná", "En curso", "En cours")},
    {"key": "offer-sent", "probability": 50, "colour": "#7c3aed", "stale_days": 21,
     "name": labels("Quote sent", "Tilbud sendt", "Angebot gesendet", "Nabídka odeslána", "Oferta enviada",
                   "Devis envoyé")},
    {"key": "negotiation", "probability": 75, "colour": "#d97706", "stale_days": 14,
     "name": labels("Negotiation", "Forhandling", "Verhandlung", "Vyjednávání", "Negociación", "Négociation")},
    {"key": "on-hold", "kind": "on_hold", "probability": 10, "colour": "#475569",
     "name": labels("On hold", "På vent", "Zurückgestellt", "Pozastavená", "En espera", "En attente")},
    {"key": "won", "kind": "won", "probability": 100, "colour": "#15803d",
     "name": labels("Won", "Vunnet", "Gewonnen", "Vyhraná", "Ganada", "Gagnée")},
    {"key": "lost", "kind": "lost", "probability": 0, "colour": "#b91c1c",
     "name": labels("Lost", "Tapt", "Verloren", "Prohraná", "Perdida", "Perdue")},
]  # fmt: skip
LOST_REASONS = [
    {"key": "price", "name": labels("Price", "Pris", "Preis", "Cena", "Precio", "Prix")},
    {"key": "competitor", "name": labels("Competitor", "Konkurrent", "Wettbewerber", "Konkurence", "Competidor",
                                        "Concurrent")},
    {"key": "no-budget", "name": labels("No budget", "Ikke budsjett", "Kein Budget", "Bez rozpočtu", "Sin presupuesto",
                                       "Pas de budget")},
    {"key": "no-decision", "name": labels("No decision", "Ingen beslutning", "Keine Entscheidung", "Bez rozhodnutí",
                                         "Sin decisión", "Pas de décision")},
    {"key": "missing-function", "name": labels("Missing function", "Manglende funksjon", "Fehlende Funktion",
                                              "Chybějící funkce", "Falta una función", "Fonction manquante")},
]  # fmt: skip
BUSINESS_ROLES = [
    {"key": "decision-maker", "name": labels("Decision maker", "Beslutningstaker", "Entscheider", "Rozhodující osoba",
                                            "Decisor", "Décideur")},
    {"key": "buyer", "name": labels("Buyer", "Innkjøper", "Einkäufer", "Nákupčí", "Comprador", "Acheteur")},
    {"key": "user", "name": labels("User", "Bruker", "Anwender", "Uživatel", "Usuario", "Utilisateur")},
    {"key": "champion", "name": labels("Champion", "Pådriver", "Fürsprecher", "Zastánce", "Promotor", "Promoteur")},
    {"key": "technician", "name": labels("Technical adviser", "Teknisk rådgiver", "Technischer Berater",
                                        "Technický poradce", "Asesor técnico", "Conseiller technique")},
]  # fmt: skip
TYPES = [
    {"key": "new-business", "is_default": True,
     "name": labels("New business", "Nysalg", "Neugeschäft", "Nový obchod", "Negocio nuevo", "Nouvelle affaire")},
    {"key": "upsell", "name": labels("Upsell", "Mersalg", "Zusatzverkauf", "Doprodej", "Venta adicional",
                                    "Vente additionnelle")},
    {"key": "renewal", "name": labels("Renewal", "Fornyelse", "Verlängerung", "Obnova", "Renovación",
                                     "Renouvellement")},
]  # fmt: skip


def seed() -> None:
    """Create missing records. An installation with a pipeline keeps its own."""
    if not Pipeline.objects.exists():
        names = labels("Sales", "Salg", "Vertrieb", "Prodej", "Ventas", "Ventes")
        seed_choices(Pipeline, [{"key": "sales", "is_default": True, "name": names}])
        seed_choices(OpportunityStatus, STATUSES, pipeline=Pipeline.objects.get(key="sales"))
    seed_choices(Category, LOST_REASONS, group="loss_reason")
    seed_choices(Category, BUSINESS_ROLES, group="business_role")
    seed_choices(Category, TYPES, group="opportunity_type")
