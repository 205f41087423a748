"""Initial data: trackers, task statuses, priorities (INIT-2)."""

from kanal.core.installation import labels, seed_choices
from kanal.core.models import Category
from kanal.entities.tasks.models import TaskStatus, Tracker

TRACKERS: list[dict] = [
    {"key": "task", "is_default": True, "name": labels("Task", "Oppgave", "Aufgabe", "Úkol", "Tarea", "Tâche")},
    {"key": "ticket", "name": labels("Ticket", "Sak", "Ticket", "Tiket", "Incidencia", "Ticket")},
    {"key": "milestone", "name": labels("Milestone", "Milepæl", "Meilenstein", "Milník", "Hito", "Jalon")},
]
STATUSES: list[dict] = [
    {"key": "new", "colour": "#64748b", "is_default": True, "kind": "open",
     "name": labels("New", "Ny", "Neu", "Nový", "Nueva", "Nouvelle")},
    {"key": "in_progress", "colour": "#2563eb", "kind": "open",
     "name": labels("In progress", "Under arbeid", "In Arbeit", "Rozpracovaný", "En curso", "En cours")},
    {"key": "waiting", "colour": "#d97706", "kind": "open",
     "name": labels("Waiting", "Venter", "Wartet", "Čeká", "En espera", "En attente")},
    {"key": "done", "colour": "#15803d", "kind": "closed",
     "name": labels("Done", "Ferdig", "Erledigt", "Hotový", "Hecha", "Terminée")},
    {"key": "rejected", "colour": "#b91c1c", "kind": "closed",
     "name": labels("Rejected", "Avvist", "Abgelehnt", "Zamítnutý", "Rechazada", "Rejetée")},
]  # fmt: skip
PRIORITIES: list[dict] = [
    {"key": "low", "colour": "#64748b", "name": labels("Low", "Lav", "Niedrig", "Nízká", "Baja", "Basse")},
    {"key": "normal", "colour": "#2563eb", "is_default": True,
     "name": labels("Normal", "Normal", "Normal", "Normální", "Normal", "Normale")},
    {"key": "high", "colour": "#d97706", "name": labels("High", "Høy", "Hoch", "Vysoká", "Alta", "Haute")},
    {"key": "urgent", "colour": "#b91c1c",
     "name": labels("Urgent", "Haster", "Dringend", "Naléhavá", "Urgente", "Urgente")},
]  # fmt: skip


def seed() -> None:
    """Create missing records."""
    seed_choices(Tracker, TRACKERS)
    seed_choices(TaskStatus, STATUSES)
    seed_choices(Category, PRIORITIES, group="task_priority")
