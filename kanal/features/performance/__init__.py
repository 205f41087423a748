"""Where time goes: the slowest pages, jobs and statements of the last days, kept in small tables (REL-4)."""
