"""Backups: one file with the database and the stored contents, and an installation made from such a file (REL-3)."""
