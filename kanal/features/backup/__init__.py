"""Backups: one file with the database and stored files, from which an installation can be restored (REL-3)."""
