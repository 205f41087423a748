"""Initial data: activity categories (ACT-1, INIT-2)."""

from kanal.core.installation import labels, seed_choices
from kanal.core.models import Category

CATEGORIES: list[dict] = [
    {"key": "call", "colour": "#2563eb", "is_default": True,
     "name": labels("Call", "Samtale", "Anruf", "Hovor", "Llamada", "Appel")},
    {"key": "email", "colour": "#7c3aed",
     "name": labels("E-mail", "E-post", "E-Mail", "E-mail", "Correo electrónico", "E-mail")},
    {"key": "meeting", "colour": "#15803d",
     "name": labels("Meeting", "Møte", "Besprechung", "Schůzka", "Reunión", "Réunion")},
    {"key": "presentation", "colour": "#d97706",
     "name": labels("Presentation", "Presentasjon", "Präsentation", "Prezentace", "Presentación", "Présentation")},
    {"key": "note", "colour": "#475569", "name": labels("Note", "Notat", "Notiz", "Poznámka", "Nota", "Note")},
    {"key": "task", "colour": "#0891b2",
     "name": labels("Task", "Oppgave", "Aufgabe", "Úkol", "Tarea", "Tâche")},
]  # fmt: skip


def seed() -> None:
    """Create missing records."""
    seed_choices(Category, CATEGORIES, group="activity_category")
