"""Tasks and tickets: work in projects, with related accounts."""
