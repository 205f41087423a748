"""The slowest pages, jobs and statements of the last days, stored in small tables (REL-4)."""
